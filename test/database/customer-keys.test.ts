import { beforeAll, describe, expect, test } from 'vitest';
import pg from 'pg';
import { openCustomerRepository } from '../../src/customers/customer-repository.js';
import { migrate } from '../../src/orm/migrate.js';
import { openOrm } from '../../src/orm/orm.js';
import { keyedRows, withKeys } from '../support/customer-keys.js';
import { migratedDatabase, query } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { openLocalGateway, refusedStart } from '../support/local-gateway.js';
import { operator } from '../support/operator.js';
import { spawnGateway, temporaryFolder } from '../support/process.js';
import { sharedResources } from '../support/resources.js';

const BEFORE = 'Migration20261125044014_client_secrets';
const MIGRATIONS = [
  'Migration20261128132724_customer_keys',
  'Migration20261128132725_customer_keys_required',
];

const resources = sharedResources();
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = resources.adopt(await temporaryFolder(), (it) => it.remove());
});

const team = crypto.randomUUID();

/** A database of the version before, with a team. */
async function earlierDatabase(): Promise<string> {
  const url = await migratedDatabase();
  const orm = await openOrm(url);
  await orm.migrator.down({ to: BEFORE });
  await orm.close();
  await query(url, "insert into team (id, name) values ($1, 'Team')", [team]);
  return url;
}

const insert = (url: string, id: string, email: string) =>
  query(url, "insert into customer (id, team_id, name, email) values ($1, $2, 'A', $3)", [id, team, email]);

const environment = (databaseUrl: string) => ({
  NODE_ENV: 'test',
  DATA_DIR: folder.path,
  DATABASE_URL: databaseUrl,
});

/** More than two batches of customers, one of them deleted, with ids in this order. */
const fill = (url: string) =>
  query(
    url,
    `insert into customer (id, team_id, name, email, main_phone, deleted_at)
     select lpad(to_hex(n), 32, '0')::uuid, $1, 'Crème Brûlée ' || n, n || '@BÜCHER.example',
       case when n % 2 = 0 then '+1 (555) ' || n end, case when n = 7 then now() end
     from generate_series(1, 2500) as n`,
    [team],
  );

test('customers that are there get their keys, and their columns are required then', async () => {
  const url = await earlierDatabase();
  await fill(url);
  expect(await migrate(url)).toEqual(expect.arrayContaining(MIGRATIONS));
  const rows = await keyedRows(url, team);
  expect(rows).toHaveLength(2_500);
  expect(rows).toEqual(rows.map(withKeys));
  await expect(insert(url, crypto.randomUUID(), 'a@x.example')).rejects.toThrow(
    'violates not-null constraint',
  );

  const orm = await openOrm(url);
  const customers = await openCustomerRepository(orm);
  expect(await customers.findByEmail(team, '8@bücher.example')).toMatchObject({ customer: 'Crème Brûlée 8' });
  await orm.close();
});

test('a migration that is killed goes on where it was, in another gateway', async () => {
  const url = await earlierDatabase();
  await fill(url);
  const filled = async () =>
    (await query<{ n: number }>(url, 'select count(name_key)::int as n from customer'))[0]?.n;
  // A change of this row, which is in the second batch, waits for the holder of a lock.
  await query(
    url,
    'create function wait() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(42); return new; end $$',
  );
  await query(
    url,
    "create trigger wait before update on customer for each row when (new.name = 'Crème Brûlée 1500') execute function wait()",
  );
  const holder = new pg.Client({ connectionString: url });
  await holder.connect();
  await holder.query('select pg_advisory_lock(42)');

  const first = spawnGateway(environment(url));
  await eventually('the first batch is stored', async () => (await filled().catch(() => 0)) === 1_000);
  const second = openLocalGateway(environment(url));
  await query(url, "update customer set name = 'Changed' where name = 'Crème Brûlée 10'");
  await query(url, "update customer set search_text = 'kept' where name = 'Crème Brûlée 20'");
  await first.stop('SIGKILL');
  await holder.end();
  const gateway = await second.answers();
  await gateway.close();

  const rows = await keyedRows(url, team);
  const kept = rows.filter(({ search_text: text }) => text === 'kept').map(({ name }) => name);
  expect(kept).toEqual(['Crème Brûlée 20']);
  const others = rows.filter(({ name }) => name !== 'Crème Brûlée 20');
  expect(others).toEqual(others.map(withKeys));
});

describe('customers of a team whose emails are equal now', () => {
  const id = (digit: number) => `00000000-0000-7000-8000-00000000000${digit}`;
  const [one, other, deleted] = [id(1), id(2), id(3)] as const;
  const sentence = `Customers of one team have the same email without regard to case (${one}, ${other} of team ${team}): change the email, or set deleted_at, of all but one of them in the table customer, then start again.`;

  test('stop the start and the migration with their ids, and it goes on once an operator has decided', async () => {
    const url = await earlierDatabase();
    await insert(url, one, 'Straße@x.example');
    await insert(url, other, 'strasse@x.example');
    await insert(url, deleted, 'STRASSE@y.example');
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      expect(await refusedStart(environment(url))).toBe(sentence);
      expect(await operator(environment(url)).run('migrate')).toEqual({
        code: 1,
        stdout: '',
        stderr: `${sentence}\n`,
      });
    }
    expect(await keyedRows(url, team)).toHaveLength(3);

    await query(url, "update customer set email = 'other@x.example' where id = $1", [other]);
    const applied = await migrate(url);
    expect(MIGRATIONS.filter((name) => applied.includes(name))).toEqual(MIGRATIONS.slice(1));
    const rows = await keyedRows(url, team);
    expect(rows).toEqual(rows.map(withKeys));
  });

  test('are no obstacle when all but one are deleted', async () => {
    const url = await earlierDatabase();
    await insert(url, one, 'Straße@x.example');
    await insert(url, other, 'strasse@x.example');
    await query(url, 'update customer set deleted_at = now() where id = $1', [other]);
    expect(await migrate(url)).toEqual(expect.arrayContaining(MIGRATIONS));
  });

  test('are named five groups at a time', async () => {
    const url = await earlierDatabase();
    for (let n = 0; n < 6; n += 1) {
      await insert(url, crypto.randomUUID(), `ß${n}@x.example`);
      await insert(url, crypto.randomUUID(), `ss${n}@x.example`);
    }
    const refused = await refusedStart(environment(url));
    expect(refused.match(/of team/g)).toHaveLength(5);
    expect(refused).toContain('; and more)');
  });
});
