import { type BenchDatabase } from './database.ts';
import { PAGE_SIZE, type Seeded } from './operations.ts';

const SAMPLE = 1_000;
const FIRST_PAGES = 50;

/** Each begins the names of 5% of the customers. */
const FIRST_WORDS =
  'Alder Birch Cedar Dune Ember Fjord Grove Harbour Iris Jasper Kelp Lotus Maple North Olive Pine Quartz River Stone Tidal'.split(
    ' ',
  );

/** SQL: the email of the customer with a number, as the text that is compared too. */
const emailOf = (number: string) => `md5((${number})::text) || '@customer.example'`;

/**
 * Empties the tables and fills them with `count` customers, with two addresses and two contacts each, of the client's team and
 * of `teams` - 1 others in turn.
 *
 * @returns a thousand of the team's, from all over the table, and its first pages.
 */
export async function seed(database: BenchDatabase, count: number, teams = 1): Promise<Seeded> {
  await database.query('truncate customer, contact');
  await withoutIndexes(database, () => insert(database, count, teams));
  await database.query('vacuum analyze customer, contact');
  await database.query('checkpoint');

  const customers = Math.floor(count / teams);
  // Evenly spread over the numbers of the team, which are the multiples of `teams`.
  const rows = await database.query<{ id: string; email: string }>(
    `select id, email from customer where team_id = $1 and email_key in (
       select ${emailOf('(1 + i * ($2::bigint - 1) / greatest($3::int - 1, 1)) * $4::int')}
       from generate_series(0, $3::int - 1) as i
     )`,
    [database.client.teamId, customers, Math.min(SAMPLE, customers), teams],
  );
  return {
    uuids: rows.map(({ id }) => id),
    emails: rows.map(({ email }) => email),
    customers,
    pages: Math.min(FIRST_PAGES, Math.floor(customers / PAGE_SIZE)),
  };
}

async function insert(database: BenchDatabase, count: number, teams: number): Promise<void> {
  const { teamId } = database.client;
  await database.query('delete from team where id <> $1', [teamId]);
  const others = await database.query<{ id: string }>(
    `insert into team (id, name) select uuidv7(), 'Team ' || n from generate_series(2, $1::int) as n returning id`,
    [teams],
  );
  await database.query(
    `insert into customer (id, team_id, name, name_key, email, email_key, main_phone, search_text, website, status,
       created_at, updated_at,
       billing_street, billing_city, billing_state, billing_zip_code, billing_country,
       shipping_street, shipping_city, shipping_state, shipping_zip_code, shipping_country)
     select uuidv7(make_interval(secs => n - $2)), ($1::uuid[])[n % cardinality($1::uuid[]) + 1], name, lower(name),
       email, email, phone,
       concat_ws(chr(31), lower(name), email, phone, regexp_replace(phone, '[^0-9]', '', 'g')),
       'https://customer.example', 'ACTIVE',
       now() + make_interval(secs => n - $2), now() + make_interval(secs => n - $2),
       n || ' Compiler Row', 'Arlington', 'VA', '22201', 'US',
       n || ' Harbour Street', 'New York', 'NY', '10004', 'US'
     from generate_series(1, $2::int) as n, lateral (
       select ($3::text[])[n / cardinality($1::uuid[]) % cardinality($3::text[]) + 1] || ' Customer ' || n as name,
         ${emailOf('n')} as email, '+1 212 555 ' || lpad((n % 10000)::text, 4, '0') as phone
     ) as written`,
    [[teamId, ...others.map(({ id }) => id)], count, FIRST_WORDS],
  );
  await database.query(
    `insert into contact (id, customer_id, position, first_name, last_name, email, is_primary)
     select uuidv7(), id, position, 'Grace', 'Hopper', 'grace@hopper.example', position = 0
     from customer, generate_series(0, 1) as position`,
  );
}

/**
 * Fills tables without the checks of foreign keys, and builds all indexes but those of the keys after that: with five million
 * customers that takes a third of the time.
 */
async function withoutIndexes(database: BenchDatabase, fill: () => Promise<void>): Promise<void> {
  const indexes = await database.query<{ name: string; definition: string }>(
    `select indexname as name, indexdef as definition from pg_indexes
     where schemaname = 'public' and tablename in ('customer', 'contact')
       and indexname not in (select conname from pg_constraint where contype in ('p', 'u'))`,
  );
  await database.query('begin');
  await database.query(`set local session_replication_role = 'replica'`);
  await database.query(`set local maintenance_work_mem = '1GB'`);
  for (const { name } of indexes) await database.query(`drop index "${name}"`);
  await fill();
  for (const { definition } of indexes) await database.query(definition);
  await database.query('commit');
}
