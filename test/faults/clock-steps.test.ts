import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { migratedDatabase, query } from '../support/database.js';
import { type DemoGateway, startDemoGateway } from '../support/demo-gateway.js';
import { eventually } from '../support/eventually.js';
import { CREATE_CUSTOMER } from '../support/operations.js';
import { temporaryFolder } from '../support/process.js';
import { sharedResources } from '../support/resources.js';
import { newEmail } from '../support/signed-client.js';
import { lockTable } from '../support/table-lock.js';

const HOUR_MS = 3_600_000;
const YEAR_MS = 366 * 24 * HOUR_MS;

/** Root fields that the client may run in an hour: more than these tests need. */
const LIMIT = 100;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let databaseUrl: string;
let gateway: DemoGateway;
let clockFile: string;
const resources = sharedResources();
beforeAll(async () => {
  folder = resources.adopt(await temporaryFolder(), (it) => it.remove());
  databaseUrl = await migratedDatabase();
  clockFile = join(folder.path, 'clock');
});
// Each test has a gateway whose clock has never been set.
beforeEach(async () => {
  gateway = await startDemoGateway(folder.path, {
    DATABASE_URL: databaseUrl,
    DATABASE_STATEMENT_TIMEOUT_MS: '1000',
    RATE_LIMIT_MAX: String(LIMIT),
    RATE_LIMIT_WINDOW_SECONDS: '3600',
    CLOCK_FILE: clockFile,
    NODE_OPTIONS: `--import=${resolve('test/support/clock.mjs')}`,
  });
});
afterEach(() => gateway.stop('SIGTERM'));

/** What the gateway's clock says to a request signed at `stepMs` from now; undefined when it has nothing against it. */
async function refusal(stepMs: number): Promise<string | undefined> {
  const answer = await gateway.client.send('{ __typename }', {}, { timestamp: String(Date.now() + stepMs) });
  return answer.json.errors?.[0].extensions.reason;
}

/** Sets the gateway's wall clock apart from ours, and waits until it is. */
async function stepClock(stepMs: number): Promise<void> {
  await writeFile(clockFile, String(stepMs));
  gateway.child.kill('SIGWINCH');
  await eventually('the clock is set', async () => (await refusal(stepMs)) !== 'TIMESTAMP_OUT_OF_RANGE');
}

describe('when the gateway’s clock is set', () => {
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
    const call = gateway.client.send(CREATE_CUSTOMER, { input: { customer: 'Acme', email: newEmail() } });
    await lock.waitedForBy(1);
    await stepClock(-HOUR_MS);
    expect((await call).status).toBe(503);
    await lock.release();
  });

  test('forward by the length of the limit’s window, the limit counts on', async () => {
    const call = async (stepMs: number) => {
      const timestamp = String(Date.now() + stepMs);
      const { headers } = await gateway.client.send('{ __typename }', {}, { timestamp });
      return Number(headers['ratelimit-remaining']);
    };
    expect(await call(0)).toBe(LIMIT - 1);
    const before = await call(0);
    await stepClock(HOUR_MS + 1);
    expect(await call(HOUR_MS + 1)).toBeLessThan(before);
    await stepClock(-HOUR_MS);
    expect(await call(-HOUR_MS)).toBeLessThan(before);
  });

  test('back, a token revoked since stops no later', async () => {
    expect(await refusal(0)).toBeUndefined();
    await query(databaseUrl, 'update access_token set revoked_at = now()');
    await stepClock(-HOUR_MS);
    await eventually('it is refused', async () => (await refusal(-HOUR_MS)) === 'TOKEN_REVOKED');
  });
});
