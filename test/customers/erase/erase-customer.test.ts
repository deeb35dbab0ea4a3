import { beforeAll, describe, expect, test } from 'vitest';
import { issueToken } from '../../../src/auth/issue-credentials.js';
import { createCustomer, fullCustomer, newCustomer } from '../../support/customers.js';
import { query } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { startDeliveringGateway, startTestGateway, type TestGateway } from '../../support/gateway.js';
import {
  CREATE_CUSTOMER,
  CREATE_CUSTOMERS,
  CUSTOMER,
  DELETE_CUSTOMER,
  ERASE_CUSTOMER,
  RESTORE_CUSTOMER,
  UPDATE_CUSTOMER,
  UPSERT_CUSTOMER,
} from '../../support/operations.js';
import { type Partner } from '../../support/partner.js';
import { sharedResources } from '../../support/resources.js';
import { SignedClient } from '../../support/signed-client.js';
import { createEndpoint, readEndpoint, REDELIVER } from '../../support/webhook-operations.js';
import { startWebhookReceiver } from '../../support/webhook-receiver.js';

let gateway: TestGateway;
const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(await startDeliveringGateway(17), (it) => it.close());
});

async function erase(partner: SignedClient, uuid: string) {
  return (await partner.send(ERASE_CUSTOMER, { uuid })).json.data.eraseCustomer;
}

/** What is left of an erased customer. */
const erased = (uuid: string) => ({
  uuid,
  customer: 'Erased customer',
  email: `${uuid}@erased.invalid`,
  mainPhone: null,
  website: null,
  status: 'INACTIVE',
  externalId: null,
  notes: null,
  taxNumber: null,
  paymentTerm: null,
  metadata: [],
  billingAddress: null,
  shippingAddress: null,
  contacts: [],
});

const EVENTS = `query ($after: String) {
  customerEvents(first: 100, after: $after) {
    nodes {
      id type version customer ${CUSTOMER} changes { field before after }
      actor { clientId tokenId requestId command }
    }
    pageInfo { endCursor }
  }
}`;

/** The events of a team once there are `count`. */
async function eventsOf(partner: Partner, count: number) {
  let nodes: { id: string; type: string; version: number; customer: object }[] = [];
  await eventually('the events are in the feed', async () => {
    ({ nodes } = (await partner.send(EVENTS)).json.data.customerEvents);
    return nodes.length === count;
  });
  return nodes;
}

describe('eraseCustomer', () => {
  test('returns Erased with a receipt, and nothing finds the customer any more', async () => {
    const partner = gateway.nextPartner();
    const { uuid, email, externalId } = await createCustomer(partner, fullCustomer());
    const { json, headers } = await partner.send(ERASE_CUSTOMER, { uuid });
    const { data } = json.data.eraseCustomer;
    expect(json.data.eraseCustomer).toEqual({
      __typename: 'Erased',
      status: 'success',
      message: 'Customer erased.',
      data: {
        customerUuid: uuid,
        erasedAt: expect.any(String),
        eventUuid: expect.any(String),
        contactCount: 2,
        eventCount: 1,
        idempotencyKeyCount: 0,
        actor: {
          clientId: partner.credentials.clientId,
          tokenId: expect.any(String),
          requestId: headers['x-request-id'],
          command: null,
        },
      },
    });
    const found = await partner.send(
      `query ($uuid: UUID!, $id: ID!, $email: String!, $externalId: String!) {
        customer(uuid: $uuid) { uuid }
        node(id: $id) { id }
        customerByEmail(email: $email) { uuid }
        customerByExternalId(externalId: $externalId) { uuid }
        customers { totalRecords }
        erased: customersConnection(filter: { deleted: true }) { nodes ${CUSTOMER} }
      }`,
      { uuid, id: uuid, email, externalId },
    );
    const version = { version: 2, createdAt: expect.any(String), updatedAt: data.erasedAt };
    expect(found.json.data).toEqual({
      customer: null,
      node: null,
      customerByEmail: null,
      customerByExternalId: null,
      customers: { totalRecords: 0 },
      erased: { nodes: [{ ...erased(uuid), ...version }] },
    });
  });

  test('returns the same receipt when it is repeated, by another token, and when it arrives many times at the same time', async () => {
    const partner = gateway.nextPartner();
    const { uuid } = await createCustomer(partner, fullCustomer());
    const receipts = await Promise.all(Array.from({ length: 10 }, () => erase(partner, uuid)));
    receipts.push(await erase(await gateway.anotherToken(partner), uuid));
    expect(receipts[0]).toMatchObject({ __typename: 'Erased', data: { contactCount: 2 } });
    for (const receipt of receipts) expect(receipt).toEqual(receipts[0]);
    expect((await eventsOf(partner, 2)).map(({ type }) => type)).toEqual(['CREATED', 'ERASED']);
  });

  test('returns NotFound for a customer that the team does not have, and changes nothing', async () => {
    const [partner, stranger] = [gateway.nextPartner(), gateway.nextPartner()];
    const { uuid, ...data } = await createCustomer(partner, fullCustomer());
    const unknown = crypto.randomUUID();
    expect(await erase(partner, unknown)).toEqual({
      __typename: 'NotFound',
      status: 'error',
      message: 'The team has no customer with this ID.',
      code: 'CUSTOMER_NOT_FOUND',
      details: { uuid: unknown },
    });
    expect(await erase(stranger, uuid)).toMatchObject({ __typename: 'NotFound' });
    const { json } = await partner.send(`query ($uuid: UUID!) { customer(uuid: $uuid) ${CUSTOMER} }`, {
      uuid,
    });
    expect(json.data.customer).toEqual({ uuid, ...data });
  });

  test('leaves the other customers of the team as they were', async () => {
    const partner = gateway.nextPartner();
    const inputs = [fullCustomer(), fullCustomer(), fullCustomer()];
    const { json } = await partner.send(CREATE_CUSTOMERS, { inputs });
    const rows = json.data.createCustomers.results.map(({ data }: { data: { uuid: string } }) => data);
    const others = () =>
      query(
        gateway.databaseUrl,
        `select to_json(customer) as customer, (select json_agg(customer_event order by id) from customer_event where customer_id = customer.id) as events,
           (select json_agg(contact order by id) from contact where customer_id = customer.id) as contacts
         from customer where team_id = $1 and id <> $2 order by id`,
        [partner.teamId, rows[1].uuid],
      );
    const before = await others();
    await erase(partner, rows[1].uuid);
    expect(await others()).toEqual(before);
  });
});

describe('an erased customer', () => {
  test('is not restored, updated or deleted', async () => {
    const partner = gateway.nextPartner();
    const { uuid } = await createCustomer(partner, fullCustomer());
    await partner.send(DELETE_CUSTOMER, { uuid });
    await erase(partner, uuid);
    expect((await partner.send(RESTORE_CUSTOMER, { uuid })).json.data.restoreCustomer).toMatchObject({
      __typename: 'Conflict',
      code: 'CUSTOMER_ERASED',
      details: { field: 'uuid', currentVersion: null },
    });
    const updated = await partner.send(UPDATE_CUSTOMER, { uuid, input: { customer: 'Acme' } });
    expect(updated.json.data.updateCustomer).toMatchObject({ code: 'CUSTOMER_NOT_FOUND' });
    const deleted = await partner.send(DELETE_CUSTOMER, { uuid });
    expect(deleted.json.data.deleteCustomer).toMatchObject({ code: 'CUSTOMER_NOT_FOUND' });
  });

  test('leaves its email and external ID to a new customer', async () => {
    const partner = gateway.nextPartner();
    const input = fullCustomer();
    const { uuid } = await createCustomer(partner, input);
    await erase(partner, uuid);
    const { json } = await partner.send(UPSERT_CUSTOMER, { input, by: 'EMAIL' });
    expect(json.data.upsertCustomer).toMatchObject({ __typename: 'Created', data: { email: input.email } });
    expect(json.data.upsertCustomer.data.uuid).not.toBe(uuid);
    expect(await erase(partner, json.data.upsertCustomer.data.uuid)).toMatchObject({ __typename: 'Erased' });
  });

  test.each([
    ['createCustomer', CREATE_CUSTOMER, (input: object) => ({ input })],
    [
      'createCustomers',
      CREATE_CUSTOMERS,
      (input: object) => ({ inputs: [newCustomer(), input, newCustomer()] }),
    ],
  ])(
    'is not created again by the same %s with its idempotency key, nor by others with that key',
    async (field, document, toVariables) => {
      const partner = gateway.nextPartner();
      const { credentials } = gateway.nextPartner();
      const { clientId } = credentials;
      const { token } = await issueToken(gateway.orm, { clientId, teamId: partner.teamId, days: 1 });
      const teammate = new SignedClient(gateway.url, { ...credentials, token });
      const variables = { ...toVariables(fullCustomer()), idempotencyKey: 'key' };
      const created = (await partner.send(document, variables)).json.data[field];
      const { uuid } = created.data ?? created.results[1].data;
      const keptVariables = { input: newCustomer(), idempotencyKey: 'kept' };
      const kept = await partner.send(CREATE_CUSTOMER, keptVariables);
      expect(await erase(partner, uuid)).toMatchObject({ data: { idempotencyKeyCount: 1 } });

      for (const again of [variables, { ...toVariables(newCustomer()), idempotencyKey: ' key ' }]) {
        expect((await partner.send(document, again)).json.data[field]).toMatchObject({
          __typename: 'Conflict',
          code: 'CUSTOMER_ERASED',
          details: { field: 'idempotencyKey' },
        });
      }
      const replayed = await partner.send(CREATE_CUSTOMER, keptVariables);
      expect(replayed.json.data.createCustomer).toEqual({ ...kept.json.data.createCustomer, replayed: true });
      const others = { ...variables, ...toVariables(newCustomer()) };
      expect((await teammate.send(document, others)).json.data[field]).toMatchObject({ status: 'success' });
    },
  );

  test('has its key refused in a statement that calls share, and only its own of the calls of that statement', async () => {
    const partner = gateway.nextPartner();
    const calls = Array.from({ length: 12 }, (_, index) => ({
      input: newCustomer(),
      idempotencyKey: `key-${index}`,
    }));
    const send = () =>
      Promise.all(
        calls.map(async (call) => (await partner.send(CREATE_CUSTOMER, call)).json.data.createCustomer),
      );
    const first = await send();
    const erasures = [3, 7].map((index) => erase(partner, first[index].data.uuid));
    for (const erasure of erasures) expect(await erasure).toMatchObject({ data: { idempotencyKeyCount: 1 } });
    const outcomes = (await send()).map(({ code, replayed }) => code ?? replayed);
    expect(outcomes).toEqual(calls.map((_, index) => ([3, 7].includes(index) ? 'CUSTOMER_ERASED' : true)));
  });

  test('has the result of a key removed that a gateway of the version before stored', async () => {
    const partner = gateway.nextPartner();
    const variables = { input: fullCustomer(), idempotencyKey: 'old' };
    const { uuid } = (await partner.send(CREATE_CUSTOMER, variables)).json.data.createCustomer.data;
    const legacy = { draft: { uuid, email: variables.input.email } };
    await query(
      gateway.databaseUrl,
      `update idempotency_key set seed = null, outcomes = null, result = $2, conflicts = '{}' where team_id = $1`,
      [partner.teamId, JSON.stringify([{ errors: [] }, legacy])],
    );
    expect(await erase(partner, uuid)).toMatchObject({ data: { idempotencyKeyCount: 1 } });
    const [key] = await query(
      gateway.databaseUrl,
      'select result, conflicts from idempotency_key where team_id = $1',
      [partner.teamId],
    );
    expect(key).toEqual({ result: null, conflicts: null });
    expect((await partner.send(CREATE_CUSTOMER, variables)).json.data.createCustomer.code).toBe(
      'CUSTOMER_ERASED',
    );
  });

  test('has its key refused, also if a gateway of an earlier version used it again', async () => {
    const partner = gateway.nextPartner();
    const variables = { input: fullCustomer(), idempotencyKey: 'key' };
    const createAgain = async () => (await partner.send(CREATE_CUSTOMER, variables)).json.data.createCustomer;
    await erase(partner, (await createAgain()).data.uuid);
    const rename = 'update idempotency_key set key = $2 where team_id = $1';
    await query(gateway.databaseUrl, rename, [partner.teamId, 'hidden']);
    const { data } = await createAgain();
    await query(
      gateway.databaseUrl,
      `insert into idempotency_key (client_id, team_id, key, request_hash, seed, outcomes)
       select client_id, team_id, ' ' || encode(sha256('key'), 'hex'), request_hash, seed, outcomes from idempotency_key
       where team_id = $1 and key = 'key'`,
      [partner.teamId],
    );
    expect(await erase(partner, data.uuid)).toMatchObject({ data: { idempotencyKeyCount: 1 } });
    expect(await createAgain()).toMatchObject({ code: 'CUSTOMER_ERASED' });
  });

  test('has placeholders in all its events, and an event of its erasure', async () => {
    const partner = gateway.nextPartner();
    const { uuid } = await createCustomer(partner, fullCustomer());
    await partner.send(UPDATE_CUSTOMER, {
      uuid,
      input: { notes: 'new', contacts: { add: [{ phone: '1' }] } },
    });
    await partner.send(DELETE_CUSTOMER, { uuid });
    const before = await eventsOf(partner, 3);
    const { data } = await erase(partner, uuid);
    const events = await eventsOf(partner, 4);
    expect(events.map(({ type }) => type)).toEqual(['CREATED', 'UPDATED', 'DELETED', 'ERASED']);
    for (const [index, event] of events.entries()) {
      const { createdAt, updatedAt } = Object(before[index]?.customer ?? events[3]?.customer);
      expect(event).toMatchObject({ version: index + 1, changes: [] });
      expect(event.customer).toEqual({ ...erased(uuid), version: index + 1, createdAt, updatedAt });
    }
    expect(events.slice(0, 3).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    expect(events[3]).toMatchObject({ id: data.eventUuid, actor: data.actor });
  });

  test('is sent to webhooks as customer.erased, and its earlier events without its data', async () => {
    const partner = gateway.nextPartner();
    const receiver = resources.adopt(await startWebhookReceiver(), (it) => it.close());
    const endpoint = await createEndpoint(partner, receiver.url, { types: ['UPDATED', 'ERASED'] });
    const { uuid, email } = await createCustomer(partner, fullCustomer());
    await partner.send(UPDATE_CUSTOMER, { uuid, input: { notes: 'secret' } });
    await eventually('the update is received', async () => receiver.received.length === 1);
    const { data } = await erase(partner, uuid);
    await eventually('the erasure is received', async () => receiver.received.length === 2);
    const [update, erasure] = receiver.received;
    expect(update?.body).toContain(email);
    const customer = { ...erased(uuid), version: 3, createdAt: expect.any(String), updatedAt: data.erasedAt };
    expect(erasure?.event).toEqual({
      id: data.eventUuid,
      type: 'customer.erased',
      occurredAt: data.erasedAt,
      teamId: partner.teamId,
      version: 3,
      data: customer,
      previousData: null,
    });

    const { deliveries } = await readEndpoint(partner, endpoint.uuid);
    await partner.send(REDELIVER, {
      uuid: deliveries.find(({ eventType }) => eventType === 'UPDATED')?.uuid,
    });
    await eventually('the update is received again', async () => receiver.received.length === 3);
    expect(receiver.received[2]?.event).toMatchObject({
      id: update?.event.id,
      type: 'customer.updated',
      data: { ...customer, version: 2, updatedAt: expect.any(String) },
      previousData: {},
    });
  });
});

test('eraseCustomer returns RateLimited past the limit', async () => {
  const limits = { rateLimit: { max: 1, windowSeconds: 60 } };
  const limited = resources.adopt(await startTestGateway(limits, 1), (it) => it.close());
  const partner = limited.nextPartner();
  await partner.send('{ customers { page } }');
  expect(await erase(partner, crypto.randomUUID())).toMatchObject({
    __typename: 'RateLimited',
    details: { limit: 1, remaining: 0 },
  });
});
