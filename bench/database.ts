import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { issueClient, issueToken } from '../dist/src/auth/issue-credentials.js';
import { createTeam } from '../dist/src/teams/teams.js';
import { SecretBox } from '../dist/src/auth/secret-box.js';
import { startEmbeddedPostgres } from '../dist/src/database/embedded-postgres.js';
import { migrate } from '../dist/src/orm/migrate.js';
import { openOrm } from '../dist/src/orm/orm.js';
import { type Client, PAGE_SIZE, type Seeded } from './operations.ts';

const SECRETS_KEY_BYTES = 32;
const SAMPLE = 1_000;
const FIRST_PAGES = 50;

/** Each begins the names of 5% of the customers. */
const FIRST_WORDS =
  'Alder Birch Cedar Dune Ember Fjord Grove Harbour Iris Jasper Kelp Lotus Maple North Olive Pine Quartz River Stone Tidal'.split(
    ' ',
  );

/** The PostgreSQL that every server writes to, with its default, durable settings. */
export interface BenchDatabase {
  readonly url: string;
  /** The gateway's key for client secrets, as its configuration takes it. */
  readonly secretsKey: string;
  readonly client: Client;
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  stop(): Promise<void>;
}

/** Starts PostgreSQL in `folder`, migrates and empties it, and issues a client. */
export async function startDatabase(folder: string): Promise<BenchDatabase> {
  const server = await startEmbeddedPostgres(folder);
  const orm = await openOrm(server.url);
  await migrate(server.url);
  // The secrets of an earlier run have a key that is gone.
  await orm.em.getConnection().execute('truncate api_client, team cascade');
  const key = randomBytes(SECRETS_KEY_BYTES);
  const teamId = await createTeam(orm, 'Bench');
  const client = await issueClient(orm, new SecretBox([key]), 'Bench');
  const { token } = await issueToken(orm, { clientId: client.clientId, teamId, days: 1 });
  await orm.close();

  const pool = new pg.Pool({ connectionString: server.url, max: 1 });
  return {
    url: server.url,
    secretsKey: key.toString('base64'),
    client: { ...client, token, teamId },
    query: async (text, values) => (await pool.query(text, values)).rows,
    async stop() {
      await pool.end();
      await server.stop();
    },
  };
}

/**
 * Empties the tables and fills the team with `count` customers, with two addresses and two contacts each.
 *
 * @returns a thousand of them, from all over the table, and the first pages.
 */
export async function seed(database: BenchDatabase, count: number): Promise<Seeded> {
  await database.query('truncate customer, contact');
  await database.query(
    `insert into customer (id, team_id, name, name_key, email, email_key, main_phone, search_text, website, status,
       created_at, updated_at,
       billing_street, billing_city, billing_state, billing_zip_code, billing_country,
       shipping_street, shipping_city, shipping_state, shipping_zip_code, shipping_country)
     select uuidv7(make_interval(secs => n - $2)), $1, name, lower(name), email, email, phone,
       concat_ws(chr(31), lower(name), email, phone, regexp_replace(phone, '[^0-9]', '', 'g')),
       'https://customer.example', 'ACTIVE',
       now() + make_interval(secs => n - $2), now() + make_interval(secs => n - $2),
       n || ' Compiler Row', 'Arlington', 'VA', '22201', 'US',
       n || ' Harbour Street', 'New York', 'NY', '10004', 'US'
     from generate_series(1, $2::int) as n, lateral (
       select ($3::text[])[n % cardinality($3::text[]) + 1] || ' Customer ' || n as name,
         md5(n::text) || '@customer.example' as email, '+1 212 555 ' || lpad((n % 10000)::text, 4, '0') as phone
     ) as written`,
    [database.client.teamId, count, FIRST_WORDS],
  );
  await database.query(
    `insert into contact (id, customer_id, position, first_name, last_name, email, is_primary)
     select uuidv7(), id, position, 'Grace', 'Hopper', 'grace@hopper.example', position = 0
     from customer, generate_series(0, 1) as position`,
  );
  await database.query('vacuum analyze customer, contact');
  await database.query('checkpoint');
  const rows = await database.query<{ id: string }>(
    'select id from customer order by md5(id::text) limit $1',
    [SAMPLE],
  );
  const pages = Math.min(FIRST_PAGES, Math.floor(count / PAGE_SIZE));
  return { uuids: rows.map((row) => row.id), pages };
}

/** What the tables hold now. */
export async function countCustomers(
  database: BenchDatabase,
): Promise<{ customers: number; contacts: number }> {
  const [counts] = await database.query<{ customers: number; contacts: number }>(
    `select (select count(*)::int from customer) as customers, (select count(*)::int from contact) as contacts`,
  );
  if (!counts) throw new Error('PostgreSQL counted nothing');
  return counts;
}
