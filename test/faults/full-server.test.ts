import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newCustomer } from '../support/customers.js';
import { migratedDatabase, query } from '../support/database.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { CREATE_CUSTOMER } from '../support/operations.js';
import { type Partner } from '../support/partner.js';
import { createRole } from '../support/role.js';
import { type Answer } from '../support/signed-client.js';
import { eventually } from '../support/eventually.js';

/** What a session of the role waits for, while it has no connection of its own. */
const REFUSED = /too many connections for role/;

let databaseUrl: string;
let role: Awaited<ReturnType<typeof createRole>>;
let gateway: TestGateway;
let partner: Partner;
let other: pg.Client;

/** Starts a gateway with a role whose only connection another program then holds. */
async function startWithoutConnections(waitMs: number): Promise<void> {
  gateway = await startTestGateway({
    databaseUrl: role.url,
    databasePool: { max: 2, waitMs, statementTimeoutMs: 5_000, listTimeoutMs: 5_000 },
  });
  partner = gateway.nextPartner();
  expect((await create()).json.data.createCustomer.__typename).toBe('Created');
  await query(databaseUrl, `alter role ${role.name} connection limit 1`);
  await gateway.orm.close();
  await eventually('another program gets the connection', async () => {
    await query(databaseUrl, 'select pg_terminate_backend(pid) from pg_stat_activity where usename = $1', [
      role.name,
    ]);
    other = new pg.Client({ connectionString: role.url });
    other.on('error', () => {});
    return other.connect().then(
      () => true,
      () => false,
    );
  });
}

beforeEach(async () => {
  databaseUrl = await migratedDatabase();
  role = await createRole(databaseUrl);
  await query(databaseUrl, `grant usage on schema graphile_worker to ${role.name}`);
  await query(
    databaseUrl,
    `grant select, insert, update, delete on all tables in schema public, graphile_worker to ${role.name}`,
  );
});
afterEach(async () => {
  await other.end();
  await gateway.close();
});

const create = (): Promise<Answer> => partner.send(CREATE_CUSTOMER, { input: newCustomer() });

/** Whether the server refuses the role a connection. */
const isRefused = async () => {
  const client = new pg.Client({ connectionString: role.url });
  await expect(client.connect()).rejects.toThrow(REFUSED);
};

test('a request waits for a server without connections, and is completed when one is free in time', async () => {
  await startWithoutConnections(20_000);
  let isAnswered = false;
  const answers = Promise.all([create(), create(), create()]).finally(() => (isAnswered = true));
  for (let asked = 0; asked < 5; asked += 1) await isRefused();
  expect(isAnswered).toBe(false);
  await other.end();
  expect((await answers).map(({ json }) => json.data?.createCustomer.__typename)).toEqual(
    Array.from({ length: 3 }, () => 'Created'),
  );
});

test('a request gets 503 when none is free in time, and the next one is served when one is', async () => {
  await startWithoutConnections(300);
  const { status, headers, json } = await create();
  expect([status, headers['retry-after'], json.errors[0].extensions.code]).toEqual([
    503,
    '1',
    'SERVICE_UNAVAILABLE',
  ]);
  await other.end();
  await eventually('it is served', async () => (await create()).status === 200);
});
