import { randomUUID } from 'node:crypto';
import pg from 'pg';

const templateUrl = () => {
  const url = process.env['TEST_TEMPLATE_URL'];
  if (!url) throw new Error('The tests run through `npm test`, which starts PostgreSQL');
  return new URL(url);
};

/** Runs one statement on its own connection. */
export async function query<Row extends pg.QueryResultRow>(
  databaseUrl: string,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
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
