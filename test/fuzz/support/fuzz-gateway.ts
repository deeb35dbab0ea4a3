import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import fc from 'fast-check';
import { SecretBox } from '../../../src/auth/secret-box.js';
import { publishDocuments } from '../../../src/documents/publish-documents.js';
import { openOrm } from '../../../src/orm/orm.js';
import { createCustomer } from '../../support/customers.js';
import { migratedDatabase } from '../../support/database.js';
import { issuePartner, type Partner } from '../../support/partner.js';
import { startGatewayProcess, temporaryFolder } from '../../support/process.js';
import { exchange } from '../../support/signed-client.js';

/** How often each property is tried. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 200);
/** A failure prints its seed, and this runs it again. */
const SEED = process.env['FUZZ_SEED'];

/** What a property may take, in ms: a second for each run would be a hang. */
export const TIMEOUT_MS = 30_000 + RUNS * 1_000;

/** Tries a property with as many values as is configured. */
export const assertHolds = <Values extends [unknown, ...unknown[]]>(
  property: fc.IAsyncProperty<Values>,
): Promise<void> => fc.assert(property, { numRuns: RUNS, ...(SEED !== undefined && { seed: Number(SEED) }) });

/** What Node's client can send in a header. */
export const printable = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, '').slice(0, 8_000);

/** A document that the partner has published. */
export const PUBLISHED_ID = 'published';

/** A gateway in a process of its own, with no limit to hide behind, and a partner. */
export interface FuzzGateway {
  readonly url: string;
  readonly partner: Partner;
  /** What no answer may have in it. */
  readonly secrets: readonly string[];
  /** It lives, it is ready, it works, and nothing happened that nobody expected. */
  expectUnharmed(): Promise<void>;
  close(): Promise<void>;
}

export async function startFuzzGateway(): Promise<FuzzGateway> {
  const folder = await temporaryFolder();
  const databaseUrl = await migratedDatabase();
  const secretsKey = randomBytes(32);
  const gateway = await startGatewayProcess({
    NODE_ENV: 'test',
    DATA_DIR: folder.path,
    DATABASE_URL: databaseUrl,
    SECRETS_KEY: secretsKey.toString('base64'),
    RATE_LIMIT_MAX: '1000000000',
    // The greeting has the URL at every level; a line for each request would be too many.
    LOG_FORMAT: 'pretty',
    LOG_LEVEL: 'error',
    // Endpoints get any URL: requests to them would leave this machine.
    WEBHOOKS: 'off',
  });
  const orm = await openOrm(databaseUrl);
  const partner = await issuePartner(orm, new SecretBox([secretsKey]), gateway.url, 'Fuzz');
  const { clientId, clientSecret, token } = partner.credentials;
  const document = { id: PUBLISHED_ID, source: 'query ($a: Int) { __typename }', operationNames: [] };
  await publishDocuments(orm, clientId, { documents: [document], problems: [] });
  return {
    url: gateway.url,
    partner,
    secrets: [clientSecret, token, secretsKey.toString('base64'), databaseUrl],
    async expectUnharmed() {
      await createCustomer(partner);
      expect((await exchange(new URL('/readyz', gateway.url), 'GET', {}, '')).status).toBe(200);
      expect(gateway.child.exitCode).toBeNull();
      expect(gateway.output()).not.toContain('unexpected error');
    },
    async close() {
      await gateway.stop('SIGTERM');
      await orm.close();
      await folder.remove();
    },
  };
}
