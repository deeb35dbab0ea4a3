import { beforeAll, describe, expect, test } from 'vitest';
import { query } from '../support/database.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { CREATE_CUSTOMER, CREATE_CUSTOMERS, DELETE_CUSTOMER, UNKNOWN_UUID } from '../support/operations.js';
import { type Partner } from '../support/partner.js';
import { sharedResources } from '../support/resources.js';
import { newEmail, type SignedClient } from '../support/signed-client.js';
import { createEndpoint } from '../support/webhook-operations.js';

const PARTS = `{
  __typename
  id
  ... on Customer { uuid customer contacts { id uuid } history { nodes { id } } }
  ... on Contact { uuid firstName }
  ... on CustomerEvent { type snapshot: customer { uuid customer } }
  ... on WebhookEndpoint { uuid url }
}`;
const NODE = `query ($id: ID!) { node(id: $id) ${PARTS} }`;
/** Has an event when it is stored, unlike `customerEvents`, which waits for the transactions that began before. */
const HISTORY = 'query ($uuid: UUID!) { customer(uuid: $uuid) { history { nodes { id } } } }';
const NODES = `query ($ids: [ID!]!) { nodes(ids: $ids) ${PARTS} }`;

let gateway: TestGateway;
let partner: Partner;
let customer: { uuid: string; contacts: { uuid: string }[] };
let event: string;
let endpoint: { uuid: string };

const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(await startTestGateway({}, 2), (it) => it.close());
  partner = gateway.nextPartner();
  customer = await createCustomer(partner);
  const { json } = await partner.send(HISTORY, { uuid: customer.uuid });
  event = json.data.customer.history.nodes[0].id;
  endpoint = await createEndpoint(partner, 'https://partner.example/');
});

async function createCustomer(by: SignedClient): Promise<typeof customer> {
  const input = { customer: 'Acme', email: newEmail(), contacts: [{ firstName: 'Ada' }] };
  return (await by.send(CREATE_CUSTOMER, { input })).json.data.createCustomer.data;
}

// oxlint-disable-next-line typescript/no-explicit-any -- an object of any type
async function nodeOf(id: string): Promise<any> {
  const { json } = await partner.send(NODE, { id });
  expect(json.errors).toBeUndefined();
  return json.data.node;
}

describe('node', () => {
  test('returns a customer, a contact, an event and a webhook endpoint by their IDs', async () => {
    const { uuid } = customer;
    const contact = customer.contacts[0]?.uuid ?? '';
    expect(await nodeOf(uuid)).toEqual({
      __typename: 'Customer',
      id: uuid,
      uuid,
      customer: 'Acme',
      contacts: [{ id: contact, uuid: contact }],
      history: { nodes: [{ id: event }] },
    });
    expect(await nodeOf(contact)).toEqual({
      __typename: 'Contact',
      id: contact,
      uuid: contact,
      firstName: 'Ada',
    });
    expect(await nodeOf(event)).toEqual({
      __typename: 'CustomerEvent',
      id: event,
      type: 'CREATED',
      snapshot: { uuid, customer: 'Acme' },
    });
    expect(await nodeOf(endpoint.uuid)).toEqual({
      __typename: 'WebhookEndpoint',
      id: endpoint.uuid,
      uuid: endpoint.uuid,
      url: 'https://partner.example/',
    });
  });

  test.each(['', 'x', UNKNOWN_UUID, `{${UNKNOWN_UUID}}`, '\u0000', 'x'.repeat(10_000)])(
    'returns null for %j',
    async (id) => {
      expect(await nodeOf(id)).toBeNull();
    },
  );

  test('finds an ID in upper case', async () => {
    expect(await nodeOf(customer.uuid.toUpperCase())).toMatchObject({ id: customer.uuid });
  });

  test('returns null for a deleted customer and its contacts, but its events', async () => {
    const deleted = await createCustomer(partner);
    await partner.send(DELETE_CUSTOMER, { uuid: deleted.uuid });
    expect(await nodeOf(deleted.uuid)).toBeNull();
    expect(await nodeOf(deleted.contacts[0]?.uuid ?? '')).toBeNull();
    const events = await query<{ id: string }>(
      gateway.databaseUrl,
      'select id from customer_event where customer_id = $1 order by version',
      [deleted.uuid],
    );
    expect(await nodeOf(events[1]?.id ?? '')).toMatchObject({ type: 'DELETED' });
  });
});

describe('nodes', () => {
  test('returns the objects in the order of their IDs, with null for those that are unknown', async () => {
    const contact = customer.contacts[0]?.uuid;
    const ids = [event, UNKNOWN_UUID, contact, customer.uuid, endpoint.uuid, 'x', customer.uuid];
    const { json } = await partner.send(NODES, { ids });
    const found = json.data.nodes.map((node: { id: string } | null) => node?.id ?? null);
    expect(found).toEqual([event, null, contact, customer.uuid, endpoint.uuid, null, customer.uuid]);
  });

  test('returns an empty list for no IDs', async () => {
    expect((await partner.send(NODES, { ids: [] })).json.data.nodes).toEqual([]);
  });

  test('reads 100 objects at most', async () => {
    const { json } = await partner.send(NODES, { ids: Array.from({ length: 101 }, () => UNKNOWN_UUID) });
    expect(json.errors[0].extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      errors: [{ path: 'ids', code: 'TOO_MANY', message: 'must have at most 100 items' }],
    });
  });

  test('that have more bytes than a response may have are refused', async () => {
    const by = gateway.nextPartner();
    const inputs = Array.from({ length: 100 }, () => ({
      customer: 'Acme',
      email: newEmail(),
      notes: 'ä'.repeat(5_000),
      metadata: Array.from({ length: 50 }, (_, key) => ({ key: `${key}`, value: 'ä'.repeat(500) })),
    }));
    const uuids: string[] = [];
    for (let start = 0; start < inputs.length; start += 10) {
      const { json } = await by.send(CREATE_CUSTOMERS, { inputs: inputs.slice(start, start + 10) });
      uuids.push(
        ...json.data.createCustomers.results.map(({ data }: { data: { uuid: string } }) => data.uuid),
      );
    }
    const large = await by.send('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: uuids });
    expect(large.json.errors[0].extensions.code).toBe('RESPONSE_TOO_LARGE');
    const few = await by.send('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids: uuids.slice(0, 10),
    });
    expect(few.json.data.nodes.map(({ id }: { id: string }) => id)).toEqual(uuids.slice(0, 10));
  });
});
