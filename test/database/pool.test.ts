import { expect, test } from 'vitest';
import { openListPool } from '../../src/database/list-pool.js';
import { openOrm } from '../../src/orm/orm.js';
import { migratedDatabase } from '../support/database.js';
import { startTcpProxy } from '../support/tcp-proxy.js';

/** What PostgreSQL holds against one connection. */
async function deadlines(pool?: Parameters<typeof openOrm>[1]) {
  const orm = await openOrm(await migratedDatabase(), pool);
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

test('a list uses one processor of the server', async () => {
  const settings = { max: 1, waitMs: 1_000, statementTimeoutMs: 1_000 };
  const orm = await openOrm(await migratedDatabase(), settings);
  const lists = await openListPool(orm, settings);
  const { rows } = await lists.query('show max_parallel_workers_per_gather');
  expect(rows).toEqual([{ max_parallel_workers_per_gather: '0' }]);
  await lists.end();
  await orm.close();
});

test('a connection that migrates has none', async () => {
  expect(await deadlines()).toEqual([
    { name: 'idle_in_transaction_session_timeout', setting: '0' },
    { name: 'statement_timeout', setting: '0' },
  ]);
});

test('a connection over which nothing comes is given up, the first one too', async () => {
  const proxy = await startTcpProxy(await migratedDatabase());
  const orm = await openOrm(proxy.url, { max: 1, waitMs: 1_000, statementTimeoutMs: 100 });
  try {
    const pool = await orm.em.getConnection().getNativeClient();
    proxy.swallow();
    await expect(pool.query('select 1')).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    proxy.pass();
    expect((await pool.query('select 1')).rowCount).toBe(1);
  } finally {
    await orm.close();
    await proxy.close();
  }
});
