import { type Command, Option } from 'commander';
import { z } from 'zod';
import { TOKEN_PATTERN } from '../auth/credentials.js';
import { argument, idArgument } from './arguments.js';
import { type CommandIo } from './command-io.js';
import { readNamedFile } from './read-named-file.js';
import { secretFromEnvironment } from './secret-from-environment.js';
import { UsageError } from './usage-error.js';

const DEFAULT_URL = 'http://127.0.0.1:4000/graphql';

/** Arguments are visible to other processes and stored in shell histories, so secrets come from variables or a file. */
export const SECRET_VARIABLE = 'CUSTOMER_GATEWAY_CLIENT_SECRET';
export const TOKEN_VARIABLE = 'CUSTOMER_GATEWAY_TOKEN';

const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' });

/** An http or https URL. */
export const urlArgument = argument(httpUrl);

const fileContent = z.object(
  {
    url: httpUrl.optional(),
    clientId: z.guid('must be a UUID'),
    clientSecret: z.string('must be a string').min(1, 'must not be empty'),
    token: z.string('must be a string').regex(TOKEN_PATTERN, 'must be a valid token'),
  },
  'The credentials must be a JSON object.',
);

/** Credentials and, in `demo.json`, the URL. */
type FileContent = z.output<typeof fileContent>;

/** Credentials of a client and the URL to send its requests to. */
export type ClientCredentials = FileContent & { readonly url: string };

/** Options of commands that send requests as a client. */
export interface CredentialsOptions {
  readonly client?: string;
  readonly credentials?: string;
  readonly url?: string;
}

/**
 * Adds `--client`, `--credentials` and `--url`.
 *
 * @param defaultFile - describes the file that is read without `--client` and `--credentials`, if the command has one.
 */
export function addCredentialsOptions(command: Command, defaultFile?: string): Command {
  const which = defaultFile === undefined ? ', such as .data/demo.json' : ` (default: ${defaultFile})`;
  return command
    .option(
      '--client <id>',
      `client ID; reads the secret from ${SECRET_VARIABLE} and the token from ${TOKEN_VARIABLE}`,
      idArgument,
    )
    .addOption(
      new Option('--credentials <file>', `JSON file with clientId, clientSecret and token${which}`).conflicts(
        'client',
      ),
    )
    .option(
      '--url <url>',
      `URL of the gateway's API (default: the URL in the credentials file, or ${DEFAULT_URL})`,
      urlArgument,
    );
}

/** Reads the credentials that the options name. @throws {UsageError} */
export async function readCredentials(
  io: CommandIo,
  options: CredentialsOptions,
): Promise<ClientCredentials> {
  const content = await readContent(io, options);
  return { ...content, url: options.url ?? content.url ?? DEFAULT_URL };
}

async function readContent(
  io: CommandIo,
  { client, credentials: file }: CredentialsOptions,
): Promise<FileContent> {
  if (file !== undefined) {
    const content = parseJson(await readNamedFile(io, file));
    return checkContent(content, (field) => `${file}: ${field}`);
  }
  if (client === undefined) throw new UsageError('Specify --client or --credentials.');
  const clientSecret = secretFromEnvironment(io.env, SECRET_VARIABLE) ?? '';
  const token = secretFromEnvironment(io.env, TOKEN_VARIABLE) ?? '';
  const names = { url: '--url', clientId: '--client', clientSecret: SECRET_VARIABLE, token: TOKEN_VARIABLE };
  return checkContent({ clientId: client, clientSecret, token }, (field) => names[field]);
}

/** @throws {UsageError} with every problem, by field name and without values. */
function checkContent(value: unknown, nameOf: (field: keyof FileContent) => string): FileContent {
  const parsed = fileContent.safeParse(value);
  if (parsed.success) return parsed.data;
  const { fieldErrors, formErrors } = z.flattenError(parsed.error);
  const fields = fileContent
    .keyof()
    .options.flatMap((field) => (fieldErrors[field] ?? []).map((problem) => `${nameOf(field)} ${problem}.`));
  throw new UsageError(...formErrors, ...fields);
}

/** Parses JSON. Returns undefined for other text, because the error of the parser would quote it. */
function parseJson(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString('utf8'));
  } catch {
    return undefined;
  }
}
