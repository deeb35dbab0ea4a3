import { randomUUID } from 'node:crypto';
import pg from 'pg';

const templateUrl = () => {
  const url = process.env['TEST_TEMPLATE_URL'];
  if (!url) throw new Error('The tests run through `npm test`, which starts PostgreSQL');
  return new URL(url);
};

/** Long enough for a test that asks every 50 ms, in ms. */
const IDLE_MS = 200;

/** A connection costs both sides 12 ms of CPU, more than most statements of tests. */
const pools = new Map<string, pg.Pool>();

function poolOf(databaseUrl: string): pg.Pool {
  const known = pools.get(databaseUrl);
  if (known) return known;
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 100,
    idleTimeoutMillis: IDLE_MS,
    allowExitOnIdle: true,
  });
  // Tests end PostgreSQL; the pool makes another connection.
  pool.on('error', () => undefined);
  pool.on('remove', () => {
    if (pool.totalCount === 0) pools.delete(databaseUrl);
  });
  pools.set(databaseUrl, pool);
  return pool;
}

/** Runs one statement, which changes nothing about its session: another statement may get its connection. */
export async function query<Row extends pg.QueryResultRow>(
  databaseUrl: string,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  return (await poolOf(databaseUrl).query<Row>(text, values)).rows;
}

async function createDatabase(from: string, options = ''): Promise<string> {
  const url = templateUrl();
  const admin = new URL(url);
  admin.pathname = '/postgres';
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  // Copies the template's files, which takes half the time of writing each of its pages to the WAL.
  await query(admin.href, `create database ${name} template ${from} strategy file_copy ${options}`);
  url.pathname = `/${name}`;
  return url.href;
}

/** A database of a test's own, migrated. */
export const migratedDatabase = (): Promise<string> => createDatabase(templateUrl().pathname.slice(1));

/** A database with nothing in it. @param options - what else `create database` is to be told. */
export const emptyDatabase = (options = ''): Promise<string> => createDatabase('template0', options);
