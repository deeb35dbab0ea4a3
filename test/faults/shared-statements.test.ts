import pg from 'pg';
import { beforeAll, expect, test } from 'vitest';
import { newCustomer } from '../support/customers.js';
import { query } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { CREATE_CUSTOMER } from '../support/operations.js';
import { type Partner } from '../support/partner.js';
import { sharedResources } from '../support/resources.js';
import { type Answer, newEmail } from '../support/signed-client.js';

/** Creates at once, most of which share statements. */
const CROWD = 40;

/** The advisory lock of which the trigger below waits for the end. */
const LOCK = 1;

let gateway: TestGateway;
let partner: Partner;
const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(
    await startTestGateway({
      rateLimit: { max: 1_000_000, windowSeconds: 60 },
      databasePool: { max: 10, waitMs: 5_000, statementTimeoutMs: 20_000, listTimeoutMs: 20_000 },
    }),
    (it) => it.close(),
  );
  partner = gateway.nextPartner();
  // A customer of this name takes its time while a test holds the lock.
  await query(
    gateway.databaseUrl,
    `create function take_time() returns trigger language plpgsql as $$ begin
       while not pg_try_advisory_xact_lock_shared(${LOCK}) loop perform pg_sleep(0.02); end loop;
       return new;
     end $$`,
  );
  await query(
    gateway.databaseUrl,
    `create trigger take_time before insert on customer
      for each row when (new.name = 'Slow') execute function take_time()`,
  );
});

const create = (email = newEmail(), { customer = 'Acme', key }: { customer?: string; key?: string } = {}) =>
  partner.send(CREATE_CUSTOMER, { input: newCustomer({ customer, email }), idempotencyKey: key });
const outcomeOf = ({ json }: Answer): string => json.data.createCustomer.__typename;
const storedWith = (emails: readonly string[]) =>
  query(gateway.databaseUrl, 'select id from customer where email = any($1)', [emails]);

async function openTransaction(): Promise<pg.Client> {
  const client = resources.adopt(new pg.Client({ connectionString: gateway.databaseUrl }), (it) => it.end());
  await client.connect();
  await client.query('begin');
  return client;
}

const emails = (count: number) => Array.from({ length: count }, () => newEmail());
const shuffled = <Item>(items: readonly Item[]) =>
  items
    .map((item) => [Math.random(), item] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, item]) => item);

test('concurrent creates with the same idempotency key store one customer while others share their statements', async () => {
  const key = crypto.randomUUID();
  const email = newEmail();
  const others = emails(CROWD);
  const repeats: Promise<Answer>[] = [];
  const rest: Promise<Answer>[] = [];
  for (const each of shuffled([...others, ...Array.from({ length: 10 }, () => email)])) {
    if (each === email) repeats.push(create(email, { key }));
    else rest.push(create(each, { key: crypto.randomUUID() }));
  }
  expect((await Promise.all(rest)).map(outcomeOf)).toEqual(others.map(() => 'Created'));
  const results = (await Promise.all(repeats)).map(({ json }) => json.data.createCustomer);
  expect(new Set(results.map(({ data }) => data.uuid)).size).toBe(1);
  expect(results.filter(({ replayed }) => !replayed)).toHaveLength(1);
  expect(await storedWith([email])).toHaveLength(1);
});

test('when a shared statement is cancelled, its creates get 503 and store nothing, and the others are not concerned', async () => {
  const holder = await openTransaction();
  await holder.query(`select pg_advisory_xact_lock(${LOCK})`);
  const slow = emails(CROWD);
  const createSlow = () => Promise.all(slow.map((email) => create(email, { customer: 'Slow', key: email })));
  const calls = createSlow();
  await eventually('a shared statement is cancelled', async () => {
    const cancelled = await query(
      gateway.databaseUrl,
      `select pg_cancel_backend(pid) from pg_stat_activity
       where datname = current_database() and wait_event = 'PgSleep' and query like '%lock_timeout%'`,
    );
    return cancelled.length > 0;
  });
  await holder.query('rollback');
  const answers = await calls;
  const refused = slow.filter((_email, index) => answers[index]?.status === 503);
  expect(refused.length).toBeGreaterThan(1);
  expect(await storedWith(refused)).toEqual([]);

  const again = (await createSlow()).map(({ json }) => json.data.createCustomer);
  expect(again.map(({ replayed }) => replayed)).toEqual(slow.map((email) => !refused.includes(email)));
  expect(await storedWith(slow)).toHaveLength(slow.length);
});
