import { type MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import { createCustomer } from '../../../src/customers/create/create-customer.js';
import {
  type CustomerRepository,
  openCustomerRepository,
} from '../../../src/customers/customer-repository.js';
import { deleteCustomer, restoreCustomer } from '../../../src/customers/delete/delete-customer.js';
import { BATCH } from '../../../src/customers/erase/erase-events.statement.js';
import { eraseExpired } from '../../../src/customers/erase/erase-expired.js';
import { removeExpiredEvents } from '../../../src/customers/events/remove-expired-events.js';
import { updateCustomer } from '../../../src/customers/update/update-customer.js';
import { upsertCustomer } from '../../../src/customers/upsert/upsert-customer.js';
import { CustomerKey } from '../../../src/customers/upsert/upsert-customer.result.js';
import { openOrm } from '../../../src/orm/orm.js';
import { createTeam } from '../../../src/teams/teams.js';
import { newActor } from '../../support/actor.js';
import { newCustomer } from '../../support/customers.js';
import { keyedRows, withKeys } from '../../support/customer-keys.js';
import { migratedDatabase, query } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { startTestGateway } from '../../support/gateway.js';
import { sharedResources } from '../../support/resources.js';
import { anyResponse } from '../../support/response-bytes.js';

/** More than the number of any transaction of the tests. */
const LATER = 1_000_000;

let databaseUrl: string;
let orm: MikroORM;
let store: CustomerRepository;

const resources = sharedResources();
beforeAll(async () => {
  databaseUrl = await migratedDatabase();
  orm = resources.adopt(
    await openOrm(databaseUrl, { max: 10, waitMs: 5_000, statementTimeoutMs: 5_000 }),
    (it) => it.close(),
  );
  store = await openCustomerRepository(orm);
});

async function newStored(teamId: string) {
  const input = newCustomer({ customer: 'Ada', contacts: [{ firstName: 'Ada' }] });
  const created = await createCustomer(store, newActor(teamId), input);
  if (!('data' in created)) throw new Error('The customer was not created');
  return { uuid: created.data.uuid, input };
}

interface EventRow {
  readonly type: string;
  readonly version: number;
  readonly isErased: boolean;
}

/** The events of a customer in the order of the feed. */
const eventsOf = (uuid: string) =>
  query<EventRow>(
    databaseUrl,
    `select type, version, customer::text !~ 'Ada' and previous is null as "isErased"
     from customer_event where customer_id = $1 order by transaction, id`,
    [uuid],
  );

/** Asserts that nothing of a customer is left, and that its events are in the order of its versions, with its erasure last. */
async function expectErased(teamId: string, uuid: string): Promise<void> {
  const events = await eventsOf(uuid);
  expect(events.map(({ version }) => version)).toEqual(events.map((_event, index) => index + 1));
  expect(events.filter(({ isErased }) => !isErased)).toEqual([]);
  expect(events.map(({ type }) => type).indexOf('ERASED')).toBe(events.length - 1);
  const rows = (await keyedRows(databaseUrl, teamId)).filter(({ id }) => id === uuid);
  expect(rows).toMatchObject([{ name: 'Erased customer' }]);
  expect(rows).toEqual(rows.map(withKeys));
  expect(await query(databaseUrl, 'select from contact where customer_id = $1', [uuid])).toEqual([]);
}

test('an erasure among updates, upserts, deletions and restores of the customer leaves nothing of it', async () => {
  const teamId = await createTeam(orm, 'Team');
  for (let round = 0; round < 8; round += 1) {
    const { uuid, input } = await newStored(teamId);
    const update = () =>
      updateCustomer(
        store,
        newActor(teamId),
        uuid,
        { notes: 'Ada', contacts: { add: [{ firstName: 'Ada' }] } },
        anyResponse(),
      );
    const changes = [
      update(),
      update(),
      upsertCustomer(store, newActor(teamId), { ...input, notes: 'Ada' }, CustomerKey.EMAIL),
      deleteCustomer(store, newActor(teamId), uuid),
      restoreCustomer(store, newActor(teamId), uuid),
    ];
    const [receipt] = await Promise.all([store.erase(newActor(teamId), uuid), ...changes, update()]);
    await expectErased(teamId, uuid);
    expect(receipt?.events).toBe((await eventsOf(uuid)).length - 1);
  }
});

test('an erasure waits for a change that began before, and erases its event too', async () => {
  const teamId = await createTeam(orm, 'Team');
  const { uuid } = await newStored(teamId);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('begin');
  await client.query(
    `with changed as (update customer set notes = 'Ada', version = 2 where id = $1 returning *)
     insert into customer_event (team_id, customer_id, type, version, transaction, customer, command)
     select team_id, id, 'UPDATED', version, pg_current_xact_id()::text::bigint, '{"notes":"Ada"}', 'test' from changed`,
    [uuid],
  );
  const erasing = store.erase(newActor(teamId), uuid);
  await eventually('the erasure waits', async () => {
    const waiting = 'select from pg_locks where not granted and pid <> pg_backend_pid()';
    return (await query(databaseUrl, waiting)).length > 0;
  });
  await client.query('commit');
  await client.end();
  expect(await erasing).toMatchObject({ events: 2 });
  await expectErased(teamId, uuid);
});

test('an erasure that fails in its last statement changes nothing', async () => {
  const teamId = await createTeam(orm, 'Team');
  const { uuid } = await newStored(teamId);
  const state = () =>
    query(
      databaseUrl,
      `select to_jsonb(customer) as customer, (select json_agg(contact) from contact where customer_id = $1) as contacts,
         (select json_agg(customer_event) from customer_event where customer_id = $1) as events
       from customer where id = $1`,
      [uuid],
    );
  const before = await state();
  await query(databaseUrl, 'alter table customer_erasure add constraint refuse check (false) not valid');
  await expect(store.erase(newActor(teamId), uuid)).rejects.toThrow('refuse');
  await query(databaseUrl, 'alter table customer_erasure drop constraint refuse');
  expect(await state()).toEqual(before);
});

test('a customer with thousands of events is erased in one transaction, while events of others expire', async () => {
  const teamId = await createTeam(orm, 'Team');
  const { uuid } = await newStored(teamId);
  const count = 10 * BATCH;
  await query(
    databaseUrl,
    `insert into customer_event (team_id, customer_id, type, version, transaction, customer, previous, command)
     select $1, $2, 'UPDATED', n + 1, ${LATER} + n, json_build_object('notes', repeat('Ada ', 500)), '{"notes":"Ada"}', 'test'
     from generate_series(1, $3::int) as n`,
    [teamId, uuid, count],
  );
  await query(
    databaseUrl,
    `update customer set version = $2::int, transaction = ${LATER} + $2::int where id = $1`,
    [uuid, count + 1],
  );
  const [receipt] = await Promise.all([store.erase(newActor(teamId), uuid), removeExpiredEvents(orm, 90)]);
  expect(receipt).toMatchObject({ events: count + 1 });
  await expectErased(teamId, uuid);
});

describe('deleted customers', () => {
  const DAYS = 30;

  /** Stores customers of a new team, deleted so many days ago; null is not deleted. @returns their IDs. */
  async function storeDeleted(ages: readonly (number | null)[]): Promise<string[]> {
    const rows = await query<{ id: string }>(
      databaseUrl,
      `insert into customer (id, team_id, name, email, email_key, name_key, search_text, deleted_at)
       select gen_random_uuid(), $1, 'Ada', place, place, 'ada', 'ada', now() - make_interval(secs => age * 86400)
       from unnest($2::float8[]) with ordinality as ages (age, place)
       order by place returning id`,
      [await createTeam(orm, 'Team'), ages],
    );
    return rows.map(({ id }) => id);
  }

  /** Which of the customers are erased. */
  async function erasedOf(uuids: readonly string[]): Promise<boolean[]> {
    const rows = await query<{ id: string }>(
      databaseUrl,
      `select id from customer where erased_at is not null and name <> 'Ada' and id = any($1)`,
      [uuids],
    );
    const erased = new Set(rows.map(({ id }) => id));
    return uuids.map((uuid) => erased.has(uuid));
  }

  test('are erased when they were deleted longer ago than the retention', async () => {
    const uuids = await storeDeleted([31, 29, null, 400]);
    await eraseExpired(orm, store, DAYS);
    expect(await erasedOf(uuids)).toEqual([true, false, false, true]);
    const [receipt] = await query(
      databaseUrl,
      'select command from customer_erasure where customer_id = $1',
      [uuids[0]],
    );
    expect(receipt).toEqual({ command: 'retention' });
  });

  test('are erased once by several gateways at the same time, in batches', async () => {
    const uuids = await storeDeleted(Array.from({ length: 250 }, () => 31));
    await Promise.all([1, 2, 3].map(() => eraseExpired(orm, store, DAYS)));
    await eraseExpired(orm, store, DAYS);
    expect(new Set(await erasedOf(uuids))).toEqual(new Set([true]));
    const events = `select from customer_event where type = 'ERASED' and customer_id = any($1)`;
    expect(await query(databaseUrl, events, [uuids])).toHaveLength(250);
  });

  test('are not erased when they were restored or locked meanwhile', async () => {
    const [restored = '', locked = ''] = await storeDeleted([31, 31]);
    const { rows } = await (
      await orm.em.getConnection().getNativeClient()
    ).query<{ team_id: string }>('select team_id from customer where id = $1', [restored]);
    const actor = { teamId: rows[0]?.team_id ?? '', command: 'retention' };
    await restoreCustomer(store, newActor(actor.teamId), restored);
    expect(await store.eraseExpired(actor, restored, DAYS)).toBeUndefined();

    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query('begin');
    await client.query('select from customer where id = $1 for update', [locked]);
    expect(await store.eraseExpired(actor, locked, DAYS)).toBeUndefined();
    await client.end();
    expect(await erasedOf([restored, locked])).toEqual([false, false]);
    expect(await store.eraseExpired(actor, locked, DAYS)).toMatchObject({ customerId: locked });
  });

  test('are erased although one of them cannot be, which is reported', async () => {
    const uuids = await storeDeleted([33, 32, 31]);
    const refuse = `alter table customer_erasure add constraint refuse check (customer_id <> '${uuids[0]}') not valid`;
    await query(databaseUrl, refuse);
    await expect(eraseExpired(orm, store, DAYS)).rejects.toThrow('refuse');
    await query(databaseUrl, 'alter table customer_erasure drop constraint refuse');
    expect(await erasedOf(uuids)).toEqual([false, true, true]);
    await eraseExpired(orm, store, DAYS);
    expect(await erasedOf(uuids)).toEqual([true, true, true]);
  });

  test('are erased no more after a stop signal', async () => {
    const uuids = await storeDeleted([31]);
    await eraseExpired(orm, store, DAYS, AbortSignal.abort());
    expect(await erasedOf(uuids)).toEqual([false]);
  });

  test('are erased by a gateway with a retention, and by no other', async () => {
    const uuids = await storeDeleted([11, 9]);
    resources.adopt(await startTestGateway({ databaseUrl }, 0), (it) => it.close());
    const config = { databaseUrl, deletedCustomerRetentionDays: 10 };
    expect(await erasedOf(uuids)).toEqual([false, false]);
    resources.adopt(await startTestGateway(config, 0), (it) => it.close());
    await eventually('the customer is erased', async () => (await erasedOf(uuids)).includes(true));
    expect(await erasedOf(uuids)).toEqual([true, false]);
  });
});
