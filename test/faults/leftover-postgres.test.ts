import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { findEmbeddedPostgres } from '../../src/database/embedded-postgres.js';
import { eventually } from '../support/eventually.js';
import { openLocalGateway, refusedStart } from '../support/local-gateway.js';
import { type GatewayProcess, startGatewayProcess, temporaryFolder } from '../support/process.js';
import { newEmail, SignedClient } from '../support/signed-client.js';

/** More than the server accepts. */
const MANY_SESSIONS = 110;

const CREATE = `mutation ($email: String!) {
  createCustomer(input: { customer: "A", email: $email }) { __typename }
}`;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let gateway: GatewayProcess;
let databaseUrl: string;
let sessions: pg.Client[];
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

beforeEach(async () => {
  sessions = [];
  gateway = await startGatewayProcess({ DATA_DIR: folder.path });
  databaseUrl = (await findEmbeddedPostgres(folder.path)) ?? '';
});
afterEach(async () => {
  await gateway.stop('SIGKILL');
  // Stops the server, too.
  await (await openLocalGateway({ DATA_DIR: folder.path }).answers()).close();
  await Promise.all(sessions.map((session) => session.end()));
});

/** Opens a session as those of a killed process are: it lasts while its statement waits. */
async function openSession(): Promise<pg.Client> {
  const session = new pg.Client({ connectionString: databaseUrl });
  session.on('error', () => {});
  await session.connect();
  sessions.push(session);
  return session;
}

/** Runs a statement after which the session waits for a lock on `customer`. */
async function waitForCustomers(first: string): Promise<void> {
  const session = await openSession();
  await session.query(`begin; ${first}`);
  session.query('lock table customer').catch(() => {});
}

/** Starts a gateway on the folder. @returns the outcome of a create. */
async function createAfterStart(): Promise<string> {
  const later = await openLocalGateway({ DATA_DIR: folder.path }).answers();
  try {
    const demo = JSON.parse(await readFile(join(folder.path, 'demo.json'), 'utf8'));
    const { json } = await new SignedClient(later.url, demo).send(CREATE, { email: newEmail() });
    return json.data.createCustomer.__typename;
  } finally {
    await later.close();
  }
}

test.each([
  ['a customer', 'lock table contact'],
  ['the list of migrations', 'lock table mikro_orm_migrations'],
  ['the list of databases', 'lock table pg_database'],
])(
  'a start serves although a statement that holds %s waits in the server of a killed gateway',
  async (_what, first) => {
    const holder = await openSession();
    await holder.query('begin; lock table customer');
    await waitForCustomers(first);
    const { rows } = await holder.query('select pg_backend_pid() as pid');
    await eventually('the statement waits', async () => {
      const { rows: waiting } = await holder.query(
        'select 1 from pg_locks where not granted and $1 = any(pg_blocking_pids(pid))',
        [rows[0].pid],
      );
      return waiting.length === 1;
    });
    await gateway.stop('SIGKILL');
    expect(await createAfterStart()).toBe('Created');
  },
);

test('a start serves although sessions take all connections to the server of a killed gateway', async () => {
  await gateway.stop('SIGKILL');
  await Promise.allSettled(Array.from({ length: MANY_SESSIONS }, () => openSession()));
  await expect(openSession()).rejects.toThrow('too many clients');
  expect(await createAfterStart()).toBe('Created');
});

test('a start is refused in one sentence while the server of a killed gateway does not answer', async () => {
  await gateway.stop('SIGKILL');
  const cluster = join(folder.path, 'postgres');
  const pidFile = await readFile(join(cluster, 'postmaster.pid'), 'utf8');
  const server = Number(pidFile.split('\n')[0]);
  process.kill(server, 'SIGSTOP');
  try {
    expect(await refusedStart({ DATA_DIR: folder.path })).toBe(
      `A PostgreSQL server is already running on the database in ${cluster} and rejects the gateway. Stop the process whose ID is in the first line of ${cluster}/postmaster.pid, and start again.`,
    );
  } finally {
    process.kill(server, 'SIGCONT');
  }
});
