import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Credentials } from 'customer-gateway-client';
import { z } from 'zod';

export interface Settings {
  /** TCP port to listen on, 0 for any free one. */
  readonly port: number;
  /** Where the gateway takes operations. */
  readonly gatewayUrl: string;
  readonly credentials: Credentials;
}

/** What is wrong with the settings, and what to do about it. */
export class SettingsError extends Error {}

const ROOT = resolve(import.meta.dirname, '../../..');

const Environment = z.object({
  PORT: z.coerce.number<string>().int().min(0).max(65_535).default(5173),
  GATEWAY_URL: z.url(),
  GATEWAY_CLIENT_ID: z.string(),
  GATEWAY_CLIENT_SECRET: z.string(),
  GATEWAY_TOKEN: z.string(),
});

/**
 * Reads environment variables; an empty one counts as absent. Without any `GATEWAY_` variable the gateway and its client
 * are the demo of `npm start`.
 *
 * @throws {SettingsError}
 */
export async function readSettings(variables: NodeJS.ProcessEnv): Promise<Settings> {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const isDemo = !Object.keys(given).some((name) => name.startsWith('GATEWAY_'));
  const read = Environment.safeParse(isDemo ? { ...given, ...(await demo(given['DATA_DIR'])) } : given);
  if (!read.success) throw new SettingsError(z.prettifyError(read.error));
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

/** What `npm start` left in the data folder, under the names of the environment. */
async function demo(dataDir = '.data'): Promise<Record<string, string>> {
  const file = resolve(ROOT, dataDir, 'demo.json');
  const text = await readFile(file, 'utf8').catch(() => {
    throw new SettingsError(
      `There is no ${file}. Start the gateway first, with \`npm start\` in another terminal; or set GATEWAY_URL, ` +
        'GATEWAY_CLIENT_ID, GATEWAY_CLIENT_SECRET and GATEWAY_TOKEN.',
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
