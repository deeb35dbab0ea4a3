import type pg from 'pg';
import { expect, test } from 'vitest';
import { openListPool } from '../../src/database/list-pool.js';
import { openOrm } from '../../src/orm/orm.js';
import { migratedDatabase, query } from '../support/database.js';
import { startTcpProxy } from '../support/tcp-proxy.js';

/** Runs work on the connection of a pool of one. */
async function throughClient<Result>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<Result>) {
  const client = await pool.connect();
  try {
    return await work(client);
  } finally {
    client.release();
  }
}

/** The timeouts of a connection, on a database that has its own. */
async function deadlines(pool?: Parameters<typeof openOrm>[1]) {
  const databaseUrl = await migratedDatabase();
  const name = new URL(databaseUrl).pathname.slice(1);
  for (const timeout of ['statement_timeout', 'idle_in_transaction_session_timeout']) {
    await query(databaseUrl, `alter database ${name} set ${timeout} = 4321`);
  }
  const orm = await openOrm(databaseUrl, pool);
  try {
    return await orm.em
      .getConnection()
      .execute(
        "select name, setting from pg_settings where name in ('statement_timeout', 'idle_in_transaction_session_timeout') order by name",
      );
  } finally {
    await orm.close();
  }
}

test('PostgreSQL itself keeps the deadlines of a connection that serves', async () => {
  expect(await deadlines({ max: 1, waitMs: 1_000, statementTimeoutMs: 1_234 })).toEqual([
    { name: 'idle_in_transaction_session_timeout', setting: '1234' },
    { name: 'statement_timeout', setting: '1234' },
  ]);
});

test('behind a pooler, a connection that serves has the timeouts of its database', async () => {
  const pooler = { preparedStatements: true };
  expect(await deadlines({ max: 1, waitMs: 1_000, statementTimeoutMs: 1_234, pooler })).toEqual([
    { name: 'idle_in_transaction_session_timeout', setting: '4321' },
    { name: 'statement_timeout', setting: '4321' },
  ]);
});

test('behind a pooler, the settings of a list end with its statement', async () => {
  const pooler = { preparedStatements: true };
  const settings = { max: 1, waitMs: 1_000, statementTimeoutMs: 1_234, pooler };
  const orm = await openOrm(await migratedDatabase(), settings);
  const lists = await openListPool(orm, settings);
  const text = `select name, setting from pg_settings
    where name in ('statement_timeout', 'max_parallel_workers_per_gather') order by name`;
  const [before, during, after] = [
    await throughClient(lists, (client) => client.query(text)),
    await lists.query({ text }),
    await throughClient(lists, (client) => client.query(text)),
  ];
  expect(during.rows).toEqual([
    { name: 'max_parallel_workers_per_gather', setting: '0' },
    { name: 'statement_timeout', setting: '1234' },
  ]);
  expect(before.rows).not.toEqual(during.rows);
  expect(after.rows).toEqual(before.rows);
  await expect(lists.query({ text: 'select pg_sleep(5)' })).rejects.toMatchObject({ code: '57014' });
  await lists.end();
  await orm.close();
});

test.each([true, false])(
  'behind a pooler, statements are prepared if it supports them: %s',
  async (isSupported) => {
    const settings = {
      max: 1,
      waitMs: 1_000,
      statementTimeoutMs: 1_000,
      pooler: { preparedStatements: isSupported },
    };
    const orm = await openOrm(await migratedDatabase(), settings);
    const pool = await orm.em.getConnection().getNativeClient();
    const named = { name: 'one', text: 'select $1::int as one', values: [1] };
    expect((await pool.query(named)).rows).toEqual([{ one: 1 }]);
    const { rows } = await pool.query('select name from pg_prepared_statements');
    expect(rows).toEqual(isSupported ? [{ name: 'one' }] : []);
    await orm.close();
  },
);

test('a list uses one processor of the server', async () => {
  const settings = { max: 1, waitMs: 1_000, statementTimeoutMs: 1_000 };
  const orm = await openOrm(await migratedDatabase(), settings);
  const lists = await openListPool(orm, settings);
  const { rows } = await lists.query('show max_parallel_workers_per_gather');
  expect(rows).toEqual([{ max_parallel_workers_per_gather: '0' }]);
  await lists.end();
  await orm.close();
});

test('a connection that migrates has none, even if its database has', async () => {
  expect(await deadlines()).toEqual([
    { name: 'idle_in_transaction_session_timeout', setting: '0' },
    { name: 'statement_timeout', setting: '0' },
  ]);
});

test('a connection over which nothing comes is given up', async () => {
  const proxy = await startTcpProxy(await migratedDatabase());
  const orm = await openOrm(proxy.url, { max: 1, waitMs: 1_000, statementTimeoutMs: 100 });
  try {
    const pool = await orm.em.getConnection().getNativeClient();
    await pool.query('select 1');
    proxy.swallow();
    await expect(pool.query('select 1')).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    proxy.pass();
    expect((await pool.query('select 1')).rowCount).toBe(1);
  } finally {
    await orm.close();
    await proxy.close();
  }
});

test.each([
  ['only statements past the ORM used', (pool: pg.Pool) => pool.query('select 1')],
  ['nothing used', () => Promise.resolve()],
])('closing the ORM ends a pool that %s', async (_case, use) => {
  const orm = await openOrm(await migratedDatabase());
  const pool = await orm.em.getConnection().getNativeClient();
  await use(pool);
  await orm.close();
  expect([pool.ended, pool.totalCount]).toEqual([true, 0]);
});
