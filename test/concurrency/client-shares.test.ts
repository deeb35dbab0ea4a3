import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.js';
import { ClientShares } from '../../src/concurrency/client-shares.js';
import { type Database, openDatabase } from '../../src/orm/database.js';
import { onBehalfOf } from '../../src/database/statement-client.js';
import { shareOf, statementsWaiting } from '../../src/database/pool-shares.js';
import { migratedDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';

const WAIT_MS = 10_000;

let database: Database;
beforeAll(async () => {
  const config = readConfig({
    DATABASE_URL: await migratedDatabase(),
    DATABASE_POOL_MAX: '8',
    DATABASE_POOL_WAIT_MS: '500',
    DATABASE_STATEMENT_TIMEOUT_MS: '8000',
    DATABASE_LIST_TIMEOUT_MS: '7000',
  });
  database = await openDatabase(config);
});
afterAll(() => database.close());

const mainPool = () => database.orm.em.getConnection().getNativeClient();

const backendsAtWork = async () => {
  const [row] = await database.orm.em
    .getConnection()
    .execute(
      "select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'",
    );
  return Number(row?.['count']);
};

describe('of eight connections', () => {
  test('two are for lists and six for everything else', async () => {
    expect((await mainPool()).options.max).toBe(6);
    expect(database.lists.options.max).toBe(2);
  });

  test('the two for lists have the deadline of lists, the others that of all statements', async () => {
    const timeout = async (pool: typeof database.lists) =>
      (await pool.query('show statement_timeout')).rows[0].statement_timeout;
    expect(await timeout(database.lists)).toBe('7s');
    expect(await timeout(await mainPool())).toBe('8s');
  });

  test(
    'one client uses at most five of the six, whatever it sends',
    async () => {
      const pool = await mainPool();
      const calls = onBehalfOf('greedy', () =>
        Array.from({ length: 12 }, () => pool.query('select pg_sleep(2)')),
      );
      const settled = Promise.allSettled(calls);
      await eventually('five are at work', async () => (await backendsAtWork()) === 5);
      expect(statementsWaiting(pool)).toBe(7);
      await onBehalfOf('modest', () => pool.query('select 1'));
      expect(await backendsAtWork()).toBe(5);
      // Those that wait for longer than they may are given up, like any that wait for a connection.
      const outcomes = (await settled).map((it) => (it.status === 'rejected' ? it.reason.code : 'done'));
      expect(outcomes).toEqual([
        ...Array.from({ length: 5 }, () => 'done'),
        ...Array.from({ length: 7 }, () => 'POOL_EXHAUSTED'),
      ]);
      expect(statementsWaiting(pool)).toBe(0);
      await onBehalfOf('greedy', () => pool.query('select 1'));
    },
    WAIT_MS,
  );

  test('a transaction counts, and gives its place back', async () => {
    const pool = await mainPool();
    for (let round = 0; round < 3; round += 1) {
      const clients = await Promise.all(
        onBehalfOf('transactions', () => Array.from({ length: 5 }, () => pool.connect())),
      );
      const sixth = onBehalfOf('transactions', () => pool.query('select 1'));
      for (const client of clients) client.release();
      expect((await sixth).rowCount).toBe(1);
    }
  });

  test('statements of the gateway itself have no share', async () => {
    const pool = await mainPool();
    const calls = Array.from({ length: 6 }, () => pool.query('select pg_sleep(0.5)'));
    await eventually('six are at work', () => pool.totalCount === 6 && pool.idleCount === 0);
    expect(await Promise.all(calls)).toHaveLength(6);
  });
});

test.each([
  [1, 1],
  [2, 1],
  [3, 2],
  [8, 6],
  [100, 75],
])('of %i connections a client uses at most %i', (max, share) => {
  expect(shareOf(max)).toBe(share);
});

describe('shares', () => {
  test('let a client in again in the order it came, and forget clients that use nothing', () => {
    const shares = new ClientShares(1, 2);
    const order: string[] = [];
    const leaving: (() => void)[] = [];
    const enter = (name: string) =>
      shares.enter('client', (leave) => {
        order.push(name);
        leaving.push(leave);
      });
    expect([enter('a'), enter('b'), enter('c'), enter('d')]).toEqual([true, true, true, false]);
    expect(order).toEqual(['a']);
    leaving[0]?.();
    // Twice is once.
    leaving[0]?.();
    expect(order).toEqual(['a', 'b']);
    leaving[1]?.();
    leaving[2]?.();
    expect({ order, waiting: shares.waiting }).toEqual({ order: ['a', 'b', 'c'], waiting: 0 });
    expect(enter('e')).toBe(true);
    expect(order.at(-1)).toBe('e');
  });
});
