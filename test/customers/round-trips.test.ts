import { randomBytes, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { type MikroORM } from '@mikro-orm/postgresql';
import { graphql } from 'graphql';
import { issueClient } from '../../src/auth/issue-credentials.js';
import { createTeam } from '../../src/teams/teams.js';
import { ScopeCheck } from '../../src/auth/scope-check.js';
import { ALL_SCOPES } from '../../src/auth/scopes.js';
import { SecretBox } from '../../src/auth/secret-box.js';
import { createCustomer } from '../../src/customers/create/create-customer.js';
import { Created } from '../../src/customers/create/create-customer.result.js';
import { createCustomers } from '../../src/customers/create/create-customers.js';
import { ClientTurns } from '../../src/concurrency/client-turns.js';
import { FairStart } from '../../src/concurrency/fair-start.js';
import { type CustomerRepository, openCustomerRepository } from '../../src/customers/customer-repository.js';
import { type CustomerType } from '../../src/customers/customer.type.js';
import { BATCH } from '../../src/customers/erase/erase-events.statement.js';
import { deleteCustomer, restoreCustomer } from '../../src/customers/delete/delete-customer.js';
import { updateCustomer, updateCustomers } from '../../src/customers/update/update-customer.js';
import { upsertCustomer } from '../../src/customers/upsert/upsert-customer.js';
import { CustomerKey } from '../../src/customers/upsert/upsert-customer.result.js';
import { limits } from '../../src/documents/limits.js';
import { PublishedDocuments } from '../../src/documents/published-documents.js';
import { removeDocuments } from '../../src/documents/remove-documents.js';
import { publishDocuments } from '../../src/documents/publish-documents.js';
import { openOrm } from '../../src/orm/orm.js';
import { buildGatewaySchema } from '../../src/graphql/schema.js';
import { RequestRecord } from '../../src/observability/request-record.js';
import { DeliveryLog } from '../../src/webhooks/deliveries/delivery-log.js';
import { EndpointStore } from '../../src/webhooks/endpoints/endpoint-store.js';
import { newActor } from '../support/actor.js';
import { newCustomer } from '../support/customers.js';
import { migratedDatabase } from '../support/database.js';
import { anyResponse } from '../support/response-bytes.js';
import { sharedResources } from '../support/resources.js';
import { newEmail } from '../support/signed-client.js';

let orm: MikroORM;
let store: CustomerRepository;
let clientId: string;
let teamId: string;
/** Every statement that went to the database since it was emptied. */
const statements: string[] = [];

const resources = sharedResources();
beforeAll(async () => {
  orm = resources.adopt(
    await openOrm(await migratedDatabase(), { max: 10, waitMs: 2_000, statementTimeoutMs: 5_000 }),
    (it) => it.close(),
  );
  store = await openCustomerRepository(orm);
  teamId = await createTeam(orm, 'Team');
  ({ clientId } = await issueClient(orm, new SecretBox([randomBytes(32)]), 'Partner'));
  const pool = await orm.em.getConnection().getNativeClient();
  pool.on('acquire', (client) => {
    // oxlint-disable-next-line typescript/unbound-method -- called on its client below, and put back when the client is released
    const { query } = client;
    // oxlint-disable-next-line typescript/no-explicit-any -- pg overloads query beyond what a wrapper can say
    client.query = (...args: any[]) => {
      statements.push(typeof args[0] === 'string' ? args[0] : args[0].text);
      // oxlint-disable-next-line typescript/no-unsafe-argument -- handed on as they came
      return Reflect.apply(query, client, args);
    };
  });
  pool.on('release', (_error: unknown, client: object) => {
    Reflect.deleteProperty(client, 'query');
  });
});

async function statementsOf(operation: () => Promise<unknown>): Promise<number> {
  statements.length = 0;
  await operation();
  return statements.length;
}

const caller = () => newActor(teamId, clientId);
const input = () => newCustomer({ contacts: [{ firstName: 'Ada' }, { firstName: 'Bob' }] });
const inputs = (length: number) => Array.from({ length }, input);

async function created(): Promise<CustomerType> {
  const result = await createCustomer(store, caller(), input());
  if (!(result instanceof Created)) throw new Error('The customer was not created');
  return result.data;
}

describe('a createCustomer', () => {
  test('costs one round trip, and none when it is not valid', async () => {
    const one = input();
    expect(await statementsOf(() => createCustomer(store, caller(), one))).toBe(1);
    expect(await statementsOf(() => createCustomer(store, caller(), one))).toBe(1);
    expect(await statementsOf(() => createCustomer(store, caller(), { ...one, email: '' }))).toBe(0);
  });

  test('costs one with an idempotency key, and so does its replay', async () => {
    const one = input();
    expect(await statementsOf(() => createCustomer(store, caller(), one, 'key'))).toBe(1);
    expect(await statementsOf(() => createCustomer(store, caller(), one, 'key'))).toBe(1);
  });

  test('costs two with an idempotency key when the email is taken, perhaps by the same call', async () => {
    const one = input();
    await createCustomer(store, caller(), one);
    expect(await statementsOf(() => createCustomer(store, caller(), one, 'late key'))).toBe(2);
  });

  test('costs two when either the email or the external ID may be taken', async () => {
    const one = { ...input(), externalId: 'taken' };
    expect(await statementsOf(() => createCustomer(store, caller(), one))).toBe(1);
    expect(await statementsOf(() => createCustomer(store, caller(), one))).toBe(2);
  });
});

test('a createCustomers costs one for any number of rows and any outcomes', async () => {
  const known = { ...input(), externalId: 'known' };
  await createCustomer(store, caller(), known);
  const twice = { ...input(), externalId: 'twice' };
  const refused = [
    known,
    { ...input(), externalId: 'known' },
    twice,
    { ...input(), externalId: 'twice' },
    { ...input(), email: twice.email.toUpperCase(), externalId: 'once' },
  ];
  for (const rows of [inputs(1), inputs(100), [...refused, ...inputs(50)]]) {
    expect(await statementsOf(() => createCustomers(store, caller(), rows))).toBe(1);
  }
  expect(await statementsOf(() => createCustomers(store, caller(), inputs(100), 'key of many'))).toBe(1);
});

test('an update costs two, and three when an email changes, however many rows', async () => {
  const customers = await Promise.all(Array.from({ length: 100 }, created));
  const one = customers[0]?.uuid ?? '';
  expect(
    await statementsOf(() => updateCustomer(store, newActor(teamId), one, { notes: 'x' }, anyResponse())),
  ).toBe(2);
  expect(
    await statementsOf(() =>
      updateCustomer(store, newActor(teamId), one, { email: newEmail() }, anyResponse()),
    ),
  ).toBe(3);
  expect(
    await statementsOf(() => updateCustomer(store, newActor(teamId), one, { email: '' }, anyResponse())),
  ).toBe(1);

  const rows = customers.map(({ uuid }) => ({ uuid, notes: 'y', contacts: { add: [{ phone: '1' }] } }));
  const renamed = rows.map((row) => ({ ...row, email: newEmail() }));
  expect(await statementsOf(() => updateCustomers(store, newActor(teamId), rows, anyResponse()))).toBe(2);
  expect(await statementsOf(() => updateCustomers(store, newActor(teamId), renamed, anyResponse()))).toBe(3);
});

test('an upsert, a delete and a restore cost one each', async () => {
  const one = input();
  const upsert = (customer: string) =>
    statementsOf(() => upsertCustomer(store, newActor(teamId), { ...one, customer }, CustomerKey.EMAIL));
  expect(await upsert('new')).toBe(1);
  expect(await upsert('changed')).toBe(1);
  const { uuid } = await created();
  expect(await statementsOf(() => deleteCustomer(store, newActor(teamId), uuid))).toBe(1);
  expect(await statementsOf(() => restoreCustomer(store, newActor(teamId), uuid))).toBe(1);
});

test('an erasure costs six for less than 200 events, one more for each 200, and four when it is repeated', async () => {
  const erase = (uuid: string) => statementsOf(() => store.erase(newActor(teamId), uuid));
  const { uuid } = await created();
  expect(await erase(uuid)).toBe(6);
  expect(await erase(uuid)).toBe(4);
  expect(await erase(randomUUID())).toBe(3);

  const changed = await created();
  const change = (version: number) =>
    `('${changed.uuid}', '${teamId}', 'UPDATED', ${version}, 1, '{}', 'test')`;
  const changes = Array.from({ length: BATCH }, (_, index) => change(index + 2)).join();
  await orm.em
    .getConnection()
    .execute(
      `insert into customer_event (customer_id, team_id, type, version, transaction, customer, command) values ${changes}`,
    );
  await orm.em
    .getConnection()
    .execute(`update customer set version = ${BATCH + 1} where id = ?`, [changed.uuid]);
  expect(await erase(changed.uuid)).toBe(7);
});

describe('reads', () => {
  const read = async (source: string) => {
    const schema = await buildGatewaySchema();
    const contextValue = {
      authentication: { caller: caller() },
      scopes: new ScopeCheck(ALL_SCOPES),
      limit: { takeForField: async () => ({ allowed: true }) },
      record: new RequestRecord(),
      response: anyResponse(),
      heavyTurn: new ClientTurns(1, 1_000, new FairStart()).turnOf(clientId),
      customers: store,
    };
    return statementsOf(async () => {
      expect((await graphql({ schema, source, contextValue })).errors).toBeUndefined();
    });
  };
  const uuid = crypto.randomUUID();
  const node = '{ uuid contacts { uuid } }';

  test.each([
    ['one customer', `{ customer(uuid: "${uuid}") ${node} }`, 1],
    ['one customer by email', `{ customerByEmail(email: "a@x.example") ${node} }`, 1],
    ['no address that could be stored', `{ customerByEmail(email: "x") ${node} }`, 0],
    ['one customer by external id', `{ customerByExternalId(externalId: "x") ${node} }`, 1],
    ['a page of 100 with contacts', `{ customers(limit: 100) { page records ${node} } }`, 1],
    ['a page with totals', `{ customers { totalRecords totalPages records ${node} } }`, 2],
    ['totals alone', '{ customers { totalRecords totalPages } }', 1],
    ['a page number', '{ customers { page limit } }', 0],
    [
      'a stretch of 100 with contacts',
      `{ customersConnection(first: 100) { pageInfo { hasNextPage } nodes ${node} edges { cursor node ${node} } } }`,
      1,
    ],
    ['a stretch with the total', `{ customersConnection { totalCount nodes ${node} } }`, 2],
    ['no objects', '{ nodes(ids: ["x"]) { id } }', 0],
    ['the total alone', '{ customersConnection { totalCount } }', 1],
  ])('of %s cost what they ask for', async (_case, source, trips) => {
    expect(await read(source)).toBe(trips);
  });

  test('of customers by their node IDs cost one', async () => {
    const [one, other] = [await created(), await created()];
    expect(await read(`{ node(id: "${one.uuid}") { id } }`)).toBe(1);
    expect(await read(`{ nodes(ids: ["${one.uuid}", "${other.uuid}"]) { id } }`)).toBe(1);
  });
});

test('webhook endpoints cost one to read, and one more with their deliveries; so do test events and redeliveries', async () => {
  const endpoints = new EndpointStore(orm, new SecretBox([randomBytes(32)]));
  const deliveries = new DeliveryLog(orm, await orm.em.getConnection().getNativeClient());
  const owner = { clientId, teamId, tokenId: null };
  const draft = { url: 'https://partner.example', types: null, description: null };
  const { uuid } = (await endpoints.create(owner, draft))?.endpoint ?? { uuid: '' };
  const queued = await deliveries.sendTest(owner, uuid);
  if (typeof queued !== 'object') throw new Error('The test event was not queued');
  expect(await statementsOf(() => endpoints.list(owner))).toBe(1);
  expect(await statementsOf(() => endpoints.find(owner, uuid))).toBe(1);
  const all = { after: null, status: null, limit: 100 };
  expect(await statementsOf(() => deliveries.list(uuid, all))).toBe(1);
  expect(await statementsOf(() => deliveries.sendTest(owner, uuid))).toBe(1);
  expect(await statementsOf(() => deliveries.redeliver(owner, queued.uuid))).toBe(1);
});

describe('a published document', () => {
  const published = async (count: number, bytes: number) => {
    const owner = await issueClient(orm, new SecretBox([randomBytes(32)]), 'Partner');
    const documents = Array.from({ length: count }, (_, index) => {
      const source = `query Q${index} { __typename } # ${owner.clientId} `.padEnd(bytes);
      return { id: `id-${index}`, source, operationNames: [] };
    });
    await publishDocuments(orm, owner.clientId, { documents, problems: [] });
    return { clientId: owner.clientId, documentsVersion: crypto.randomUUID() };
  };

  test('costs two when it is first found, one when others were, and none again; an unknown ID costs none', async () => {
    const documents = new PublishedDocuments(orm);
    const owner = await published(2, 100);
    const find = (id: string) => statementsOf(() => documents.find(owner, id));
    expect(await find('id-0')).toBe(2);
    expect(await find('id-1')).toBe(1);
    for (const id of ['id-0', 'id-1', 'unknown', '__proto__']) expect(await find(id)).toBe(0);
    const without = { ...owner, documentsVersion: null };
    expect(await statementsOf(() => documents.find(without, 'id-0'))).toBe(0);
  });

  test('is not found, and no other in its place, if it was replaced since the list was read', async () => {
    const documents = new PublishedDocuments(orm);
    const owner = await published(2, 100);
    await documents.find(owner, 'id-0');
    await removeDocuments(orm, owner.clientId, ['id-1']);
    const replaced = [{ id: 'id-1', source: '{ __typename }', operationNames: [] }];
    await publishDocuments(orm, owner.clientId, { documents: replaced, problems: [] });
    expect(await documents.find(owner, 'id-1')).toBeUndefined();
    const changed = { ...owner, documentsVersion: crypto.randomUUID() };
    expect(await documents.find(changed, 'id-1')).toBe('{ __typename }');
  });

  test('costs one statement for many requests at the same time', async () => {
    const documents = new PublishedDocuments(orm);
    const owner = await published(1, 100);
    const findAll = () => Promise.all(Array.from({ length: 20 }, () => documents.find(owner, 'id-0')));
    expect(await statementsOf(findAll)).toBe(2);
  });

  test('has its list read again when those of many clients were: at most 16 MiB are cached', async () => {
    const documents = new PublishedDocuments(orm);
    const owners = await orm.em.getConnection().execute<{ clientId: string }[]>(
      `with clients as (
         insert into api_client (id, name) select gen_random_uuid(), 'Partner' from generate_series(1, 20) returning id
       ), stored as (
         insert into published_document (client_id, id, source, hash, operation_names)
         select clients.id, rpad('id-' || n, ${limits.idLength}, 'x'), 'x', sha256('x'), '{}'
         from clients, generate_series(1, ${limits.documents}) as n
       )
       select id as "clientId" from clients`,
    );
    const versioned = owners.map((owner) => ({ ...owner, documentsVersion: crypto.randomUUID() }));
    const [first] = versioned;
    const last = versioned.at(-1);
    if (!first || !last) throw new Error('The clients are missing');
    for (const owner of versioned) await documents.find(owner, 'unknown');
    expect(await statementsOf(() => documents.find(last, 'unknown'))).toBe(0);
    expect(await statementsOf(() => documents.find(first, 'unknown'))).toBe(1);
  });

  test('is read again when many others were used since: at most 32 MiB are cached', async () => {
    const documents = new PublishedDocuments(orm);
    const bytes = 90_000;
    const count = Math.floor(limits.clientBytes / bytes);
    const owners = [await published(count, bytes), await published(count, bytes)];
    const [first, last] = owners;
    if (!first || !last) throw new Error('The clients are missing');
    for (const owner of owners) {
      for (let index = 0; index < count; index += 1) await documents.find(owner, `id-${index}`);
    }
    expect(await statementsOf(() => documents.find(last, `id-${count - 1}`))).toBe(0);
    expect(await statementsOf(() => documents.find(first, 'id-0'))).toBe(1);
  });
});
