import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { query } from '../support/database.js';
import { type DemoGateway, startDemoGateway } from '../support/demo-gateway.js';
import { eventually } from '../support/eventually.js';
import { createdBy, type Load, startLoad } from '../support/load.js';
import { type OwnPostgres, startOwnPostgres } from '../support/own-postgres.js';
import { temporaryFolder } from '../support/process.js';

const CALLERS = 8;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let postgres: OwnPostgres;
let gateway: DemoGateway;
beforeAll(async () => {
  folder = await temporaryFolder();
  postgres = await startOwnPostgres();
  gateway = await startDemoGateway(folder.path, { DATABASE_URL: postgres.url });
});
afterAll(async () => {
  await gateway.stop('SIGTERM');
  await postgres.remove();
  await folder.remove();
});

const isReady = async () => (await gateway.status('/readyz')) === 200;

/** Nobody was told anything but a customer or 503, and whoever was told a customer has it. */
async function expectNothingLost({ calls, answered }: Load): Promise<void> {
  expect(calls.filter(({ broken }) => broken !== undefined)).toEqual([]);
  expect(new Set(calls.map(({ answer }) => answer?.status))).toEqual(new Set([200, 503]));
  for (const { answer } of answered(503)) {
    expect(answer?.headers['retry-after']).toBe('1');
    expect(answer?.json.errors[0].extensions.code).toBe('SERVICE_UNAVAILABLE');
  }
  const acknowledged = answered(200).map((call) => createdBy(call).uuid);
  const kept = await query(
    postgres.url,
    `select 1 from customer where id = any($1::uuid[])
      and (select count(*) from contact where customer_id = customer.id) = 2`,
    [acknowledged],
  );
  expect(kept).toHaveLength(acknowledged.length);
}

describe('when PostgreSQL ends under load', () => {
  test('killed, every call gets 503 until it is there again, then goes on, and nothing acknowledged is lost', async () => {
    const load = startLoad(gateway.client, CALLERS);
    await eventually('customers are created', () => load.answered(200).length > 100);
    await postgres.crash('SIGKILL');
    await eventually('readiness turns false', async () => !(await isReady()));
    expect(await gateway.status('/healthz')).toBe(200);
    // A resolver's refusal has a path. The one without comes from reading clients and tokens, once memory is too old.
    await eventually('even who calls cannot be known', () =>
      load.answered(503).some(({ answer }) => answer?.json.errors[0].path === undefined),
    );
    const before = load.answered(200).length;
    await postgres.start();
    await eventually('customers are created again', () => load.answered(200).length > before + 100);
    expect(await isReady()).toBe(true);
    await load.stop();
    await expectNothingLost(load);
  });

  test('stopped at once, likewise', async () => {
    const load = startLoad(gateway.client, CALLERS);
    await eventually('customers are created', () => load.answered(200).length > 100);
    await postgres.crash('immediate');
    await eventually('calls are refused', () => load.answered(503).length > CALLERS);
    const before = load.answered(200).length;
    await postgres.start();
    await eventually('customers are created again', () => load.answered(200).length > before + 100);
    await load.stop();
    await expectNothingLost(load);
  });
});

test('a gateway at rest outlives the connections it keeps', async () => {
  await postgres.crash('immediate');
  await postgres.start();
  await eventually('the gateway is ready', isReady);
  expect((await gateway.client.send('{ customers { totalRecords } }')).status).toBe(200);
  expect(gateway.child.exitCode).toBeNull();
  expect(gateway.output()).not.toContain('unexpected error');
});
