import { type Command } from 'commander';
import {
  addCredentialsOptions,
  type CredentialsOptions,
  readCredentials,
  SECRET_VARIABLE,
  TOKEN_VARIABLE,
} from './client-credentials.js';
import { type CommandIo } from './command-io.js';
import { answers, type OutputOptions, print } from './output.js';
import { readNamedFile } from './read-named-file.js';
import { signRequest } from './sign-request.js';

const EXAMPLES = `
Examples, with a body in body.json and a gateway in development:
  customer-gateway sign --credentials .data/demo.json --body body.json |
    curl -H @- --data-binary @body.json http://127.0.0.1:4000/graphql

  customer-gateway sign --client ID --body body.json   (with ${SECRET_VARIABLE} and ${TOKEN_VARIABLE} set)

The signature covers the exact bytes of the body. Send them with --data-binary: curl's -d removes line breaks.`;

interface SignOptions extends OutputOptions, CredentialsOptions {
  readonly body: string;
}

/** Signs requests for testing. Needs no database. */
export function addSignCommand(program: Command, io: CommandIo): void {
  addCredentialsOptions(
    answers(
      program
        .command('sign')
        .description('sign a request and print its headers in the format of `curl -H @-`'),
    ),
  )
    .option('--body <file>', 'file with the request body; - reads stdin', '-')
    .addHelpText('after', EXAMPLES)
    .action(async (options: SignOptions) => {
      const credentials = await readCredentials(io, options);
      const signed = signRequest(credentials, await readNamedFile(io, options.body));
      const lines = Object.entries(signed.headers).map(([name, value]) => `${name}: ${value}`);
      print(io, options, signed, lines.join('\n'));
    });
}
