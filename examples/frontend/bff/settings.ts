import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { loadEnvFile } from 'node:process';
import type { Credentials } from 'customer-gateway-client';
import { z } from 'zod';
import { APP_FOLDER } from './folder.ts';

export interface Settings {
  /** TCP port of the page, or 0 for any free port. Default 5173. */
  readonly port: number;
  /** The gateway's GraphQL endpoint. */
  readonly gatewayUrl: string;
  readonly credentials: Credentials;
}

/** A missing or invalid setting; the message says what to do. */
export class SettingsError extends Error {}

const required = z.string({ error: 'is required' });
const port = 'must be a port number from 0 to 65535';

const Environment = z.object({
  PORT: z.coerce.number<string>(port).int(port).min(0, port).max(65_535, port).default(5173),
  GATEWAY_URL: required.pipe(z.url({ protocol: /^https?$/, error: 'must be an http or https URL' })),
  GATEWAY_CLIENT_ID: required,
  GATEWAY_CLIENT_SECRET: required,
  GATEWAY_TOKEN: required,
});

/**
 * Reads the settings from the environment and from `.env`; the environment wins, and an empty value counts as absent.
 * Without any `GATEWAY_` setting, uses the demo client of a gateway on this machine.
 *
 * @throws {SettingsError}
 */
export async function readSettings(): Promise<Settings> {
  const envFile = resolve(APP_FOLDER, '.env');
  if (existsSync(envFile)) loadEnvFile(envFile);
  const given = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));
  const isDemo = !Object.keys(given).some((name) => name.startsWith('GATEWAY_'));
  const read = Environment.safeParse(isDemo ? { ...given, ...(await readDemo(given['DATA_DIR'])) } : given);
  if (!read.success) {
    const problems = read.error.issues.map(({ path, message }) => `${path.join('.')} ${message}.`);
    throw new SettingsError([...problems, 'Set it in .env or in the environment.'].join('\n'));
  }
  return {
    port: read.data.PORT,
    gatewayUrl: read.data.GATEWAY_URL,
    credentials: {
      clientId: read.data.GATEWAY_CLIENT_ID,
      clientSecret: read.data.GATEWAY_CLIENT_SECRET,
      token: read.data.GATEWAY_TOKEN,
    },
  };
}

const Demo = z.object({ url: z.string(), clientId: z.string(), clientSecret: z.string(), token: z.string() });

/**
 * Reads the credentials of the demo client that `npm start` of the gateway writes to its data folder.
 *
 * @param dataDir - relative to the folder in which npm was called. Default: the gateway's own, if this folder is still in
 *   its repository.
 */
async function readDemo(dataDir: string | undefined): Promise<Record<string, string>> {
  const file =
    dataDir === undefined
      ? resolve(APP_FOLDER, '../../.data/demo.json')
      : resolve(process.env['INIT_CWD'] ?? '.', dataDir, 'demo.json');
  const text = await readFile(file, 'utf8').catch(() => {
    throw new SettingsError(
      dataDir === undefined
        ? 'No gateway is configured. Copy .env.example to .env and fill it in. In the repository of the gateway, ' +
            'start the gateway with `npm start` instead.'
        : `${file} does not exist. Start the gateway with \`npm start\`, or correct DATA_DIR.`,
    );
  });
  const { url, clientId, clientSecret, token } = Demo.parse(JSON.parse(text));
  return {
    GATEWAY_URL: url,
    GATEWAY_CLIENT_ID: clientId,
    GATEWAY_CLIENT_SECRET: clientSecret,
    GATEWAY_TOKEN: token,
  };
}
