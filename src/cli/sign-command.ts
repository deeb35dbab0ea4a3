import { createSecretKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { TOKEN_PATTERN } from '../auth/credentials.js';
import { sign, stringToSign } from '../auth/signature.js';
import { messageOf } from '../errors/message-of.js';
import { argument, idArgument } from './arguments.js';
import { type CommandIo } from './command-io.js';
import { answers, type OutputOptions, print } from './output.js';
import { UsageError } from './usage-error.js';

const DEFAULT_URL = 'http://127.0.0.1:4000/graphql';

/** Arguments are visible to other processes and stored in shell histories, so secrets come from variables or a file. */
const SECRET_VARIABLE = 'CUSTOMER_GATEWAY_CLIENT_SECRET';
const TOKEN_VARIABLE = 'CUSTOMER_GATEWAY_TOKEN';

const EXAMPLES = `
Examples, with a body in body.json and a gateway in development:
  customer-gateway sign --credentials .data/demo.json --body body.json |
    curl -H @- --data-binary @body.json http://127.0.0.1:4000/graphql

  customer-gateway sign --client ID --body body.json   (with ${SECRET_VARIABLE} and ${TOKEN_VARIABLE} set)

The signature covers the exact bytes of the body. Send them with --data-binary: curl's -d removes line breaks.`;

const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' });

const urlArgument = argument(httpUrl);

const signer = z.object(
  {
    url: httpUrl.optional(),
    clientId: z.guid('must be a UUID'),
    clientSecret: z.string('must be a string').min(1, 'must not be empty'),
    token: z.string('must be a string').regex(TOKEN_PATTERN, 'must be a valid token'),
  },
  'The credentials must be a JSON object.',
);

/** Credentials and, in `demo.json`, the URL. */
type Signer = z.output<typeof signer>;

interface SignOptions extends OutputOptions {
  readonly client?: string;
  readonly credentials?: string;
  readonly url?: string;
  readonly body: string;
}

/** Signs requests for testing. Needs no database. */
export function addSignCommand(program: Command, io: CommandIo): void {
  answers(
    program.command('sign').description('sign a request and print its headers in the format of `curl -H @-`'),
  )
    .option(
      '--client <id>',
      `client ID; reads the secret from ${SECRET_VARIABLE} and the token from ${TOKEN_VARIABLE}`,
      idArgument,
    )
    .addOption(
      new Option(
        '--credentials <file>',
        'JSON file with clientId, clientSecret and token, such as .data/demo.json',
      ).conflicts('client'),
    )
    .option(
      '--url <url>',
      `URL of the request (default: the URL in the credentials file, or ${DEFAULT_URL})`,
      urlArgument,
    )
    .option('--body <file>', 'file with the request body; - reads stdin', '-')
    .addHelpText('after', EXAMPLES)
    .action((options: SignOptions) => signRequest(io, options));
}

async function signRequest(io: CommandIo, { body: file, ...options }: SignOptions): Promise<void> {
  const { url: fileUrl, clientId, clientSecret, token } = await readSigner(io, options);
  const url = options.url ?? fileUrl ?? DEFAULT_URL;
  const parts = {
    method: 'POST',
    path: new URL(url).pathname,
    timestamp: String(Date.now()),
    body: await readNamedFile(io, file),
  };
  const headers = {
    'Content-Type': 'application/json',
    'x-client-id': clientId,
    'x-timestamp': parts.timestamp,
    'x-signature': sign(createSecretKey(clientSecret, 'utf8'), parts).toString('hex'),
    Authorization: `Bearer ${token}`,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  print(
    io,
    options,
    { method: parts.method, url, headers, stringToSign: stringToSign(parts) },
    lines.join('\n'),
  );
}

async function readSigner(
  io: CommandIo,
  { client, credentials: file }: Omit<SignOptions, 'body'>,
): Promise<Signer> {
  if (file !== undefined) {
    const content = parseJson(await readNamedFile(io, file));
    return checkSigner(content, (field) => `${file}: ${field}`);
  }
  if (client === undefined) throw new UsageError('Specify --client or --credentials.');
  const { [SECRET_VARIABLE]: clientSecret = '', [TOKEN_VARIABLE]: token = '' } = io.env;
  const names = { url: '--url', clientId: '--client', clientSecret: SECRET_VARIABLE, token: TOKEN_VARIABLE };
  return checkSigner({ clientId: client, clientSecret, token }, (field) => names[field]);
}

/** @throws {UsageError} with every problem, by field name and without values. */
function checkSigner(value: unknown, nameOf: (field: keyof Signer) => string): Signer {
  const parsed = signer.safeParse(value);
  if (parsed.success) return parsed.data;
  const { fieldErrors, formErrors } = z.flattenError(parsed.error);
  const fields = signer
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

/** Reads a file, or stdin for `-`. @throws {UsageError} if it cannot be read. */
async function readNamedFile({ stdin }: CommandIo, path: string): Promise<Buffer> {
  if (path === '-') return buffer(stdin);
  try {
    return await readFile(path);
  } catch (error) {
    throw new UsageError(`Cannot read ${path}: ${messageOf(error)}`);
  }
}
