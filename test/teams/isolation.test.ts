import { beforeAll, describe, expect, test } from 'vitest';
import { issueToken } from '../../src/auth/issue-credentials.js';
import { createTeam } from '../../src/teams/teams.js';
import { buildGatewaySchema } from '../../src/graphql/schema.js';
import { query } from '../support/database.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import {
  CREATE_CUSTOMER,
  CREATE_CUSTOMERS,
  CUSTOMER,
  DELETE_CUSTOMER,
  ERASE_CUSTOMER,
  READ_CUSTOMER,
  RESTORE_CUSTOMER,
  UPDATE_CUSTOMER,
  UPDATE_CUSTOMERS,
  UPSERT_CUSTOMER,
} from '../support/operations.js';
import { sharedResources } from '../support/resources.js';
import { newEmail, SignedClient } from '../support/signed-client.js';
import {
  CREATE_ENDPOINT,
  DELETE_ENDPOINT,
  ENDPOINT_WITH_DELIVERIES,
  ENDPOINTS,
  REDELIVER,
  ROTATE_SECRET,
  SEND_TEST,
  UPDATE_ENDPOINT,
} from '../support/webhook-operations.js';

/** In what a stranger could know or guess of the owner's customers. */
const MARK = 'owners-own';
/** In all the rest of them. */
const PRIVATE = 'for nobody else';

const LIST = `query ($search: String) { customers(search: $search) { records ${CUSTOMER} totalRecords } }`;
const CONNECTION = `query ($after: String) {
  customersConnection(after: $after) { edges { cursor node ${CUSTOMER} } totalCount }
}`;

const PARTS = `{
  id
  ... on Customer ${CUSTOMER}
  ... on Contact { firstName }
  ... on CustomerEvent { snapshot: customer { notes } }
  ... on WebhookEndpoint { description }
}`;
const NODE = `query ($id: ID!) { node(id: $id) ${PARTS} }`;
const NODES = `query ($ids: [ID!]!) { nodes(ids: $ids) ${PARTS} }`;

let gateway: TestGateway;
let owner: SignedClient;
let ownersTeam: string;
let kept: { uuid: string; contacts: { uuid: string }[] };
let deleted: { uuid: string };
let ownersCursor: string;
let ownersEvent: string;
let endpoint: string;
let delivery: string;

/** Whoever is not to see the owner's team, new each time: another partner, and the owner's own app for another team. */
const STRANGERS = {
  'another client': async () => gateway.nextPartner(),
  'the same client for another team': async () => {
    const { clientId } = owner.credentials;
    const teamId = await createTeam(gateway.orm, 'Another team of the same client');
    const { token } = await issueToken(gateway.orm, { clientId, teamId, days: 1 });
    return new SignedClient(gateway.url, { ...owner.credentials, token });
  },
};

/** Another app that may act for the owner's team: it sees the customers, but not the endpoints of the owner's app. */
async function newTeammate(): Promise<SignedClient> {
  const { credentials } = gateway.nextPartner();
  const { clientId } = credentials;
  const { token } = await issueToken(gateway.orm, { clientId, teamId: ownersTeam, days: 1 });
  return new SignedClient(gateway.url, { ...credentials, token });
}

const ownersInput = (name: string) => ({
  customer: `${name} ${MARK}`,
  email: `${name}@${MARK}.example`,
  externalId: `${name}-${MARK}`,
  notes: PRIVATE,
  metadata: [{ key: PRIVATE, value: PRIVATE }],
  billingAddress: { city: PRIVATE },
  contacts: [{ firstName: PRIVATE, isPrimary: true }],
});

type Calls = Record<string, () => [document: string, variables: Record<string, unknown>, told: unknown]>;

/** For the endpoints and deliveries of the owner. */
const WEBHOOK_CALLS: Calls = {
  node: () => [NODE, { id: endpoint }, null],
  nodes: () => [NODES, { ids: [endpoint] }, [null]],
  webhookEndpoints: () => [ENDPOINTS, {}, []],
  webhookEndpoint: () => [ENDPOINT_WITH_DELIVERIES, { uuid: endpoint }, null],
  createWebhookEndpoint: () => [
    CREATE_ENDPOINT,
    { input: { url: `https://${MARK}.example` } },
    { __typename: 'WebhookEndpointCreated' },
  ],
  updateWebhookEndpoint: () => [
    UPDATE_ENDPOINT,
    { uuid: endpoint, input: { url: 'https://attacker.example', paused: false } },
    { __typename: 'NotFound' },
  ],
  rotateWebhookSecret: () => [ROTATE_SECRET, { uuid: endpoint, overlapHours: 0 }, { __typename: 'NotFound' }],
  sendTestEvent: () => [SEND_TEST, { uuid: endpoint }, { __typename: 'NotFound' }],
  redeliver: () => [REDELIVER, { uuid: delivery }, { __typename: 'NotFound' }],
  // Last: if it succeeded, the others would find no endpoint.
  deleteWebhookEndpoint: () => [DELETE_ENDPOINT, { uuid: endpoint }, { __typename: 'NotFound' }],
};

/**
 * What the strangers send: everything they could know or guess of the owner's customers. And what is to be in the answer, as
 * if the owner had none.
 */
const CALLS: Calls = {
  ...WEBHOOK_CALLS,
  nodes: () => [
    NODES,
    { ids: [kept.uuid, kept.contacts[0]?.uuid, ownersEvent, endpoint] },
    [null, null, null, null],
  ],
  customer: () => [READ_CUSTOMER, { uuid: kept.uuid }, null],
  customerByEmail: () => [
    `query ($email: String!) { customerByEmail(email: $email) ${CUSTOMER} }`,
    { email: `kept@${MARK}.example` },
    null,
  ],
  customerByExternalId: () => [
    `query ($id: String!) { customerByExternalId(externalId: $id) ${CUSTOMER} }`,
    { id: `kept-${MARK}` },
    null,
  ],
  customers: () => [LIST, { search: MARK }, { records: [], totalRecords: 0 }],
  customersConnection: () => [CONNECTION, { after: ownersCursor }, { edges: [], totalCount: 0 }],
  customerEvents: () => [
    `{ customerEvents { nodes { customer ${CUSTOMER} changes { before after } } } }`,
    {},
    { nodes: [] },
  ],
  lastCustomerEventCursor: () => ['{ lastCustomerEventCursor }', {}, null],
  createCustomer: () => [
    CREATE_CUSTOMER,
    {
      input: { customer: 'Mine', email: `kept@${MARK}.example` },
      idempotencyKey: MARK,
    },
    { __typename: 'Created' },
  ],
  createCustomers: () => [
    CREATE_CUSTOMERS,
    { inputs: [{ customer: 'Mine', email: `deleted@${MARK}.example` }], idempotencyKey: `${MARK} bulk` },
    { successCount: 1 },
  ],
  updateCustomer: () => [
    UPDATE_CUSTOMER,
    { uuid: kept.uuid, input: { customer: 'Taken over', contacts: { remove: [kept.contacts[0]?.uuid] } } },
    { __typename: 'NotFound' },
  ],
  updateCustomers: () => [
    UPDATE_CUSTOMERS,
    { inputs: [{ uuid: kept.uuid, customer: 'Taken over' }] },
    { results: [{ __typename: 'NotFound' }] },
  ],
  upsertCustomer: () => [
    UPSERT_CUSTOMER,
    { input: { customer: 'Mine', email: newEmail(), externalId: `kept-${MARK}` }, by: 'EXTERNAL_ID' },
    { __typename: 'Created' },
  ],
  deleteCustomer: () => [DELETE_CUSTOMER, { uuid: kept.uuid }, { __typename: 'NotFound' }],
  eraseCustomer: () => [ERASE_CUSTOMER, { uuid: deleted.uuid }, { __typename: 'NotFound' }],
  restoreCustomer: () => [RESTORE_CUSTOMER, { uuid: deleted.uuid }, { __typename: 'NotFound' }],
};

const ownersRows = () =>
  query(
    gateway.databaseUrl,
    `select customer::text, (select array_agg(contact::text order by id) from contact where customer_id = customer.id)
     from customer where team_id = $1 order by id`,
    [ownersTeam],
  );

const ownersEndpoints = () =>
  query(
    gateway.databaseUrl,
    `select webhook_endpoint::text, (select array_agg(webhook_secret::text order by id) from webhook_secret where endpoint_id = webhook_endpoint.id),
       (select array_agg(webhook_delivery::text order by id) from webhook_delivery where endpoint_id = webhook_endpoint.id) as deliveries
     from webhook_endpoint where id = $1`,
    [endpoint],
  );

const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(await startTestGateway({}, 50), (it) => it.close());
  const partner = gateway.nextPartner();
  owner = partner;
  ownersTeam = partner.teamId;
  const create = async (name: string) =>
    (
      await owner.send(CREATE_CUSTOMER, {
        input: ownersInput(name),
        idempotencyKey: name === 'kept' ? MARK : undefined,
      })
    ).json.data.createCustomer.data;
  kept = await create('kept');
  deleted = await create('deleted');
  await owner.send(DELETE_CUSTOMER, { uuid: deleted.uuid });
  const list = await owner.send('{ customersConnection { edges { cursor } } }');
  const endpoints = await owner.send(CREATE_ENDPOINT, {
    input: { url: `https://${MARK}.example/`, description: PRIVATE },
  });
  endpoint = endpoints.json.data.createWebhookEndpoint.data.uuid;
  delivery = (await owner.send(SEND_TEST, { uuid: endpoint })).json.data.sendTestEvent.data.uuid;
  // Unlike `customerEvents`, a history does not wait for the transactions that began before.
  const events = await owner.send(
    'query ($uuid: UUID!) { customer(uuid: $uuid) { history { nodes { id } } } }',
    { uuid: kept.uuid },
  );
  ownersEvent = events.json.data.customer.history.nodes[0].id;
  ownersCursor = list.json.data.customersConnection.edges[0].cursor;
});

test('every operation that there is is tried', async () => {
  const schema = await buildGatewaySchema();
  const fields = { ...schema.getQueryType()?.getFields(), ...schema.getMutationType()?.getFields() };
  expect(Object.keys(CALLS).toSorted()).toEqual(Object.keys(fields).toSorted());
});

describe.each(Object.entries(STRANGERS))('%s', (_name, newStranger) => {
  test.each(Object.keys(CALLS))(
    'neither sees nor changes a customer or an endpoint with %s',
    async (field) => {
      const before = [await ownersRows(), await ownersEndpoints()];
      const [document, variables, told] = CALLS[field]?.() ?? [''];
      const answer = await (await newStranger()).send(document, variables);
      expect(answer.json.data).toMatchObject({ [field]: told });
      expect(answer.text).not.toContain(PRIVATE);
      expect([await ownersRows(), await ownersEndpoints()]).toEqual(before);
    },
  );
});

describe('another client of the same team', () => {
  test.each(Object.keys(WEBHOOK_CALLS))('neither sees nor changes an endpoint with %s', async (field) => {
    const before = await ownersEndpoints();
    const [document, variables, told] = WEBHOOK_CALLS[field]?.() ?? [''];
    const answer = await (await newTeammate()).send(document, variables);
    expect(answer.json.data).toMatchObject({ [field]: told });
    expect(answer.text).not.toContain(PRIVATE);
    expect(await ownersEndpoints()).toEqual(before);
  });
});

test('the owner reaches its endpoint and its delivery with the same calls', async () => {
  const before = await ownersEndpoints();
  for (const field of ['webhookEndpoint', 'redeliver', 'sendTestEvent', 'rotateWebhookSecret']) {
    const [document, variables] = WEBHOOK_CALLS[field]?.() ?? [''];
    const { json } = await owner.send(document, variables);
    expect(json.data[field].__typename ?? json.data[field].description).toMatch(
      /^(WebhookDeliveryQueued|WebhookSecretRotated|for nobody else)$/,
    );
  }
  expect(await ownersEndpoints()).not.toEqual(before);
  const { json } = await owner.send(DELETE_ENDPOINT, { uuid: endpoint });
  expect(json.data.deleteWebhookEndpoint.__typename).toBe('WebhookEndpointDeleted');
});
