import { randomBytes } from 'node:crypto';
import { type MikroORM } from '@mikro-orm/postgresql';
import fc from 'fast-check';
import pg from 'pg';
import { beforeAll, expect, test } from 'vitest';
import { issueClient } from '../../../src/auth/issue-credentials.js';
import { SecretBox } from '../../../src/auth/secret-box.js';
import { createCustomer } from '../../../src/customers/create/create-customer.js';
import { Created } from '../../../src/customers/create/create-customer.result.js';
import { type CreateCustomerInput } from '../../../src/customers/create/create-customer.input.js';
import { createCustomers } from '../../../src/customers/create/create-customers.js';
import { validateCustomer } from '../../../src/customers/create/validate-customer.js';
import { type CustomerRepository } from '../../../src/customers/customer-repository.js';
import { deleteCustomerStatement } from '../../../src/customers/delete/delete-customer.statement.js';
import { deleteCustomer, restoreCustomer } from '../../../src/customers/delete/delete-customer.js';
import { actorValues } from '../../../src/customers/events/actor.js';
import { importBatch } from '../../../src/customers/import/import-batch.js';
import { type ImportStore, openImportStore } from '../../../src/customers/import/import-store.js';
import { upsertBatch } from '../../../src/customers/import/upsert-batch.js';
import { customerSelectList } from '../../../src/customers/select-customer.js';
import { updateCustomer, updateCustomers } from '../../../src/customers/update/update-customer.js';
import { upsertCustomer } from '../../../src/customers/upsert/upsert-customer.js';
import { CustomerKey } from '../../../src/customers/upsert/upsert-customer.result.js';
import { numberParameters } from '../../../src/database/statement.js';
import { openOrm } from '../../../src/orm/orm.js';
import { createTeam } from '../../../src/teams/teams.js';
import { newActor } from '../../support/actor.js';
import { newCustomer } from '../../support/customers.js';
import { migratedDatabase, query } from '../../support/database.js';
import { sharedResources } from '../../support/resources.js';
import { anyResponse } from '../../support/response-bytes.js';
import { newEmail } from '../../support/signed-client.js';

let databaseUrl: string;
let orm: MikroORM;
let store: ImportStore;
let customers: CustomerRepository;
let clientId: string;

const resources = sharedResources();
beforeAll(async () => {
  databaseUrl = await migratedDatabase();
  orm = resources.adopt(await openOrm(databaseUrl), (it) => it.close());
  store = await openImportStore(orm);
  ({ customers } = store);
  ({ clientId } = await issueClient(orm, new SecretBox([randomBytes(32)]), 'Partner'));
});

/** A row of `customer_event`. */
interface EventRow {
  readonly customer_id: string;
  readonly type: string;
  readonly version: number;
  readonly transaction: string;
  readonly customer: Readonly<Record<string, unknown>>;
  readonly previous: Readonly<Record<string, unknown>> | null;
  readonly client_id: string | null;
  readonly token_id: string | null;
  readonly request_id: string | null;
  readonly command: string | null;
}

/** The events of a team in the order of the feed. */
const eventsOf = (teamId: string) =>
  query<EventRow>(databaseUrl, 'select * from customer_event where team_id = $1 order by transaction, id', [
    teamId,
  ]);

/** The customers of a team, deleted ones as well, as events record them. */
async function customersOf(teamId: string): Promise<EventRow['customer'][]> {
  const rows = await query<{ customer: EventRow['customer'] }>(
    databaseUrl,
    `select row_to_json(customers) as customer
     from (select ${customerSelectList(orm, 'customer')} from customer where team_id = $1) as customers`,
    [teamId],
  );
  return rows.map(({ customer }) => customer);
}

/**
 * Checks that each customer has an event for each of its versions, in this order, that each event tells what changed since the one before,
 * and that the last one has the customer as it is.
 */
async function expectWholeHistory(teamId: string): Promise<EventRow[]> {
  const events = await eventsOf(teamId);
  const customersNow = await customersOf(teamId);
  const histories = Map.groupBy(events, ({ customer_id: id }) => id);
  expect(new Set(histories.keys())).toEqual(new Set(customersNow.map(({ uuid }) => uuid)));
  for (const customer of customersNow) {
    const history = histories.get(String(customer['uuid'])) ?? [];
    const { version } = customer;
    expect(history.map((event) => event.version)).toEqual(
      Array.from({ length: Number(version) }, (_, index) => index + 1),
    );
    expect(history[0]?.type).toBe('CREATED');
    expect(history.at(-1)?.customer).toEqual(customer);
    for (const [index, event] of history.slice(1).entries()) {
      const before = history[index]?.customer ?? {};
      const { version: versionBefore, updatedAt } = before;
      expect({ ...event.customer, ...event.previous, version: versionBefore, updatedAt }).toEqual(before);
      for (const [field, value] of Object.entries(event.previous ?? {})) {
        expect(event.customer[field]).not.toEqual(value);
      }
      expect(Number(event.transaction)).toBeGreaterThan(Number(history[index]?.transaction));
    }
  }
  return events;
}

const names = fc.constantFrom('Acme', 'Bolt', 'Crux');
const inputs = fc.record(
  {
    customer: names,
    email: fc.constantFrom('a@x.example', 'A@x.example', 'b@x.example', 'c@x.example'),
    notes: fc.option(names),
    externalId: fc.option(fc.constantFrom('x', 'y')),
    metadata: fc.option(fc.array(fc.record({ key: fc.constant('k'), value: names }), { maxLength: 1 })),
    billingAddress: fc.option(fc.record({ city: names })),
    contacts: fc.array(fc.record({ firstName: names }), { maxLength: 3 }),
  },
  { requiredKeys: ['customer', 'email'] },
);

const operations = fc.record({
  does: fc.constantFrom(
    'create',
    'createOnce',
    'createMany',
    'byEmail',
    'byExternalId',
    'update',
    'updateMany',
    'delete',
    'restore',
    'import',
    'importByEmail',
  ),
  input: inputs,
  /** Which of the team's customers is updated, deleted or restored. */
  index: fc.nat(3),
});

type Operation = typeof operations extends fc.Arbitrary<infer Value> ? Value : never;

async function run(teamId: string, { does, input, index }: Operation): Promise<unknown> {
  const actor = newActor(teamId, clientId);
  const rows = await query<{ id: string }>(
    databaseUrl,
    'select id from customer where team_id = $1 order by id',
    [teamId],
  );
  const uuid = rows[index % Math.max(1, rows.length)]?.id ?? crypto.randomUUID();
  const { contacts, ...fields } = input;
  const changes = contacts ? { ...fields, contacts: { add: contacts } } : fields;
  const many = [input, { ...input, email: newEmail(), externalId: null }, input];
  const notes = rows.map((row) => ({ uuid: row.id, notes: input.notes ?? null }));
  const calls: Record<typeof does, () => Promise<unknown>> = {
    create: () => createCustomer(customers, actor, input),
    createOnce: () => createCustomer(customers, actor, input, 'key'),
    createMany: () => createCustomers(customers, actor, many),
    byEmail: () => upsertCustomer(customers, actor, input, CustomerKey.EMAIL),
    byExternalId: () =>
      upsertCustomer(customers, actor, { externalId: 'x', ...input }, CustomerKey.EXTERNAL_ID),
    update: () => updateCustomer(customers, actor, uuid, changes, anyResponse()),
    updateMany: () => updateCustomers(customers, actor, notes, anyResponse()),
    delete: () => deleteCustomer(customers, actor, uuid),
    restore: () => restoreCustomer(customers, actor, uuid),
    import: () => importOne(teamId, input),
    importByEmail: () => importOne(teamId, input, CustomerKey.EMAIL),
  };
  return calls[does]();
}

async function importOne(teamId: string, input: CreateCustomerInput, by?: CustomerKey): Promise<unknown> {
  const checked = validateCustomer(input);
  if ('errors' in checked) throw new Error('The input is valid');
  const identity = { importId: crypto.randomUUID(), startedAt: Date.now() };
  const batch = { teamId, identity, rows: [{ row: 0, draft: checked.draft, hasStatus: true }] };
  return by ? upsertBatch(store, { ...batch, by, isRepeated: false }) : importBatch(store, batch);
}

test('every change of a customer has one event, and every event is a change, for any concurrent operations', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(operations, { maxLength: 6 }), { maxLength: 5 }), async (steps) => {
      const teamId = await createTeam(orm, 'Team');
      for (const together of steps) await Promise.all(together.map((operation) => run(teamId, operation)));
      await expectWholeHistory(teamId);
    }),
    { numRuns: 30, endOnFailure: true },
  );
});

test('an event records the request that made the change, or the command', async () => {
  const teamId = await createTeam(orm, 'Team');
  const [creator, updater] = [newActor(teamId, clientId), newActor(teamId, clientId)];
  const created = await createCustomer(customers, creator, newCustomer());
  if (!(created instanceof Created)) throw new Error('The customer was not created');
  await updateCustomer(customers, updater, created.data.uuid, { notes: 'x' }, anyResponse());
  await importOne(teamId, newCustomer());

  const actors = (await eventsOf(teamId)).map((event) => [
    event.client_id,
    event.token_id,
    event.request_id,
    event.command,
  ]);
  expect(actors).toEqual([
    [creator.clientId, creator.tokenId, creator.requestId, null],
    [updater.clientId, updater.tokenId, updater.requestId, null],
    [null, null, null, 'import'],
  ]);
});

test('each of the creates that share a statement has its own actor', async () => {
  const teamId = await createTeam(orm, 'Team');
  const actors = Array.from({ length: 20 }, () => newActor(teamId, crypto.randomUUID()));
  const created = await Promise.all(actors.map((actor) => createCustomer(customers, actor, newCustomer())));
  const events = new Map((await eventsOf(teamId)).map((event) => [event.customer_id, event]));
  for (const [index, result] of created.entries()) {
    const event = events.get(result instanceof Created ? result.data.uuid : '');
    expect(event?.request_id).toBe(actors[index]?.requestId);
    expect(event?.client_id).toBe(actors[index]?.clientId);
  }
});

test('the events of a customer are in the order of its versions, even if a later transaction changes it first', async () => {
  const teamId = await createTeam(orm, 'Team');
  const created = await createCustomer(customers, newActor(teamId), newCustomer());
  if (!(created instanceof Created)) throw new Error('The customer was not created');
  const { uuid } = created.data;
  const earlier = resources.adopt(new pg.Client({ connectionString: databaseUrl }), (it) => it.end());
  await earlier.connect();
  await earlier.query('begin');
  await earlier.query('select pg_current_xact_id()');
  await updateCustomer(customers, newActor(teamId), uuid, { notes: 'later transaction' }, anyResponse());
  const bind = numberParameters(deleteCustomerStatement(orm));
  await earlier.query(bind({ ...actorValues(newActor(teamId)), uuid }));
  await earlier.query('commit');
  expect((await expectWholeHistory(teamId)).map(({ type }) => type)).toEqual([
    'CREATED',
    'UPDATED',
    'DELETED',
  ]);
});
