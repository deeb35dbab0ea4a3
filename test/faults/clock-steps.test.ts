import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SecretBox } from '../../src/auth/secret-box.js';
import { openOrm } from '../../src/orm/orm.js';
import { newCustomer } from '../support/customers.js';
import { migratedDatabase, query } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { CREATE_CUSTOMER } from '../support/operations.js';
import { issuePartner, type Partner } from '../support/partner.js';
import { type GatewayProcess, startGatewayProcess, temporaryFolder } from '../support/process.js';
import { sharedResources } from '../support/resources.js';
import { lockTable } from '../support/table-lock.js';

const HOUR_MS = 3_600_000;
const YEAR_MS = 366 * 24 * HOUR_MS;

/** Root fields that a client may run in an hour: more than a test needs. */
const LIMIT = 100;

/** Partners of a gateway: at least one for each of its tests. */
const PARTNERS = 5;

let databaseUrl: string;
let clockFile: string;
let gateway: GatewayProcess;
/** One that no other test has. */
let partner: Partner;

/** Has the tests of a block share a gateway, whose clock is right before each of them. */
function shareGateway(): void {
  const resources = sharedResources();
  let partners: Partner[];
  beforeAll(async () => {
    const folder = resources.adopt(await temporaryFolder(), (it) => it.remove());
    databaseUrl = await migratedDatabase();
    clockFile = join(folder.path, 'clock');
    const secretsKey = randomBytes(32);
    const environment = {
      NODE_ENV: 'test',
      DATABASE_URL: databaseUrl,
      SECRETS_KEY: secretsKey.toString('base64'),
      DATABASE_STATEMENT_TIMEOUT_MS: '1000',
      RATE_LIMIT_MAX: String(LIMIT),
      RATE_LIMIT_WINDOW_SECONDS: '3600',
      CLOCK_FILE: clockFile,
      NODE_OPTIONS: `--import=${resolve('test/support/clock.mjs')}`,
    };
    gateway = resources.adopt(await startGatewayProcess(environment), async (it) => {
      await it.stop('SIGTERM');
    });
    const orm = resources.adopt(await openOrm(databaseUrl), (it) => it.close());
    const box = new SecretBox([secretsKey]);
    // Made before the first call: a gateway knows a new client within a second, not at once.
    partners = await Promise.all(
      Array.from({ length: PARTNERS }, () => issuePartner(orm, box, gateway.url, 'Partner')),
    );
  });
  beforeEach(() => {
    const next = partners.pop();
    if (!next) throw new Error('There are no partners left; raise PARTNERS');
    partner = next;
  });
  afterEach(() => stepClock(0));
}

/** What the gateway's clock says to a request signed at `stepMs` from now; undefined when it has nothing against it. */
async function refusal(stepMs: number): Promise<string | undefined> {
  const answer = await partner.send('{ __typename }', {}, { timestamp: String(Date.now() + stepMs) });
  return answer.json.errors?.[0].extensions.reason;
}

/** Sets the gateway's wall clock apart from ours, and waits until it is. */
async function stepClock(stepMs: number): Promise<void> {
  await writeFile(clockFile, String(stepMs));
  gateway.child.kill('SIGWINCH');
  await eventually('the clock is set', async () => (await refusal(stepMs)) !== 'TIMESTAMP_OUT_OF_RANGE');
}

describe('when the gateway’s clock is set', () => {
  shareGateway();

  test.each([HOUR_MS, -HOUR_MS])(
    'by %d ms, calls of the right time are refused for as long as it is wrong',
    async (step) => {
      expect(await refusal(0)).toBeUndefined();
      await stepClock(step);
      expect(await refusal(0)).toBe('TIMESTAMP_OUT_OF_RANGE');
      await stepClock(0);
      expect(await refusal(0)).toBeUndefined();
    },
  );

  test('tokens expire by it', async () => {
    await stepClock(YEAR_MS);
    expect(await refusal(YEAR_MS)).toBe('TOKEN_EXPIRED');
    await stepClock(0);
    expect(await refusal(0)).toBeUndefined();
  });

  test('back, a statement is given up no later', async () => {
    const lock = await lockTable(databaseUrl);
    const call = partner.send(CREATE_CUSTOMER, { input: newCustomer() });
    await lock.waitedForBy(1);
    await stepClock(-HOUR_MS);
    expect((await call).status).toBe(503);
    await lock.release();
  });

  test('back, a token revoked since stops no later', async () => {
    expect(await refusal(0)).toBeUndefined();
    await query(databaseUrl, 'update access_token set revoked_at = now() where client_id = $1', [
      partner.credentials.clientId,
    ]);
    await stepClock(-HOUR_MS);
    await eventually('it is refused', async () => (await refusal(-HOUR_MS)) === 'TOKEN_REVOKED');
  });
});

// Of its own: one whose clock had been ahead before might count by that clock and not show it.
describe('when the clock of a gateway is set for the first time', () => {
  shareGateway();

  test('forward by the length of the limit’s window, the limit counts on', async () => {
    const call = async (stepMs: number) => {
      const timestamp = String(Date.now() + stepMs);
      const { headers } = await partner.send('{ __typename }', {}, { timestamp });
      return Number(headers['ratelimit-remaining']);
    };
    expect(await call(0)).toBe(LIMIT - 1);
    const before = await call(0);
    await stepClock(HOUR_MS + 1);
    expect(await call(HOUR_MS + 1)).toBeLessThan(before);
    await stepClock(-HOUR_MS);
    expect(await call(-HOUR_MS)).toBeLessThan(before);
  });
});
