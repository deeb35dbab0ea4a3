import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { CustomerEventType } from '../../customers/events/event-type.js';
import { idArgument } from '../arguments.js';
import {
  addCredentialsOptions,
  type CredentialsOptions,
  readCredentials,
  SECRET_VARIABLE,
  TOKEN_VARIABLE,
  urlArgument,
} from '../client-credentials.js';
import { type CommandIo } from '../command-io.js';
import { answers, type OutputOptions } from '../output.js';
import { statsOf } from '../regular-file.js';
import { readSigningSecret, WEBHOOK_SECRET_VARIABLE } from './signing-secret.js';

const TYPES = Object.values(CustomerEventType).map((type) => type.toLowerCase());

const HELP = `
Examples, with a receiver on port 3000:
  customer-gateway listen --forward-to http://localhost:3000/webhooks

  customer-gateway listen --client ID --url https://gateway.example/graphql \\
    --forward-to http://localhost:3000/webhooks   (with ${SECRET_VARIABLE} and ${TOKEN_VARIABLE} set)

Posts the changes of the token's team from now on, until Ctrl+C, one after another and in their order. Bodies, headers and
signatures are those of webhooks. The signing secret is read from ${WEBHOOK_SECRET_VARIABLE}; without it, a
new secret is created and printed. A delivery that fails, or has no response within 10 s, is not repeated.

The API does not return the team's ID, so teamId is null in the bodies unless --team sets it. It is not checked.

The command reads the API every 2 s, which counts against the client's rate limit. It continues when the gateway restarts.
--json prints a line of JSON with signingSecret, then one for each delivery.`;

interface ListenOptions extends OutputOptions, CredentialsOptions {
  readonly forwardTo: string;
  readonly team?: string;
  readonly types?: readonly CustomerEventType[];
}

/** Forwards the changes of customers to a server in development. Needs no database. */
export function addListenCommand(program: Command, io: CommandIo): void {
  const command = program
    .command('listen')
    .description('post changes of customers to a local server, signed as webhooks')
    .requiredOption('--forward-to <url>', 'URL of the server', receiverArgument)
    .option('--types <list>', `types of changes to post (default: ${TYPES.join(',')})`, typesArgument)
    .option('--team <id>', 'team ID to send as teamId (default: null)', idArgument);
  addCredentialsOptions(answers(command), 'demo.json in DATA_DIR, if it exists')
    .addHelpText('after', HELP)
    .action(async ({ forwardTo, team, types, ...options }: ListenOptions) => {
      const job = {
        credentials: await readCredentials(io, await withDefaultFile(io, options)),
        forwardTo,
        types: types ?? [],
        teamId: team ?? null,
        signingSecret: readSigningSecret(io.env),
      };
      const { listen } = await import('./listen.js');
      await io.withAbortOnSignal((stopping) => listen(io, options, job, stopping));
    });
}

/** Options that name the credentials of the demo client, if the user named none and there are any. */
async function withDefaultFile({ env }: CommandIo, options: CredentialsOptions): Promise<CredentialsOptions> {
  if (options.client !== undefined || options.credentials !== undefined) return options;
  const file = join(env['DATA_DIR'] || '.data', 'demo.json');
  return (await statsOf(file)) ? { ...options, credentials: file } : options;
}

/** The URL of a server. `fetch` does not accept a user name and a password in it. */
function receiverArgument(value: string): string {
  const { username, password } = new URL(urlArgument(value));
  if (username || password) {
    throw new InvalidArgumentError('The value must not contain a user name or a password.');
  }
  return value;
}

/** Types of events, in lower or upper case, separated by commas. */
function typesArgument(value: string): CustomerEventType[] {
  const names = new Set(value.split(',').map((name) => name.trim().toUpperCase()));
  const types = Object.values(CustomerEventType).filter((type) => names.delete(type));
  if (names.size > 0) {
    throw new InvalidArgumentError(`The value must be a list of ${TYPES.join(', ')}, separated by commas.`);
  }
  return types;
}
