import pg from 'pg';
import { eventually } from './eventually.js';

/** A lock of a whole table in an open transaction. */
export interface TableLock {
  /** Resolves when at least this many wait for it. */
  waitedForBy(count: number): Promise<void>;
  /** The processes of the server that wait for it. */
  waiting(): Promise<number[]>;
  release(): Promise<void>;
}

/** @param mode - https://www.postgresql.org/docs/current/explicit-locking.html */
export async function lockTable(
  databaseUrl: string,
  table = 'customer',
  mode = 'access exclusive',
): Promise<TableLock> {
  const client = new pg.Client({ connectionString: databaseUrl });
  // A test that fails leaves it to the end of the server.
  client.on('error', () => {});
  await client.connect();
  await client.query('begin');
  await client.query(`lock table ${table} in ${mode} mode`);
  const waiting = async () => {
    // The databases of all tests are copies of one, so a table has the same OID in each of them.
    const { rows } = await client.query<{ pid: number }>(
      `select pid from pg_locks join pg_database on pg_database.oid = database
       where datname = current_database() and relation = '${table}'::regclass and not granted`,
    );
    return rows.map(({ pid }) => pid);
  };
  return {
    waiting,
    waitedForBy: (count) => eventually(`${count} wait`, async () => (await waiting()).length >= count),
    release: () => client.end(),
  };
}
