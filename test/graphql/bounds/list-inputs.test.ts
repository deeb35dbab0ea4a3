import { beforeAll, expect, test } from 'vitest';
import { getNullableType, isInputObjectType, isListType, isObjectType } from 'graphql';
import { buildGatewaySchema } from '../../../src/graphql/schema.js';
import { createCustomer, newCustomer } from '../../support/customers.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';
import {
  CREATE_CUSTOMER,
  CREATE_CUSTOMERS,
  UNKNOWN_UUID,
  UPDATE_CUSTOMER,
  UPDATE_CUSTOMERS,
} from '../../support/operations.js';
import { sharedResources } from '../../support/resources.js';
import { type SignedClient } from '../../support/signed-client.js';
import { CREATE_ENDPOINT, createEndpoint, UPDATE_ENDPOINT } from '../../support/webhook-operations.js';

const MANY = 10_000;

const many = <Item>(item: Item) => Array.from({ length: MANY }, () => item);
/** An endpoint that the partner has. */
let endpoint: string;

const customer = (more: object) => ({ input: newCustomer(more) });
const pairs = { metadata: many({ key: '', value: '' }) };

/** Every list of the schema that a caller can send: a request where it is far too long, and nothing in it is right. */
const overlong: Record<string, (uuid: string) => readonly [string, Record<string, unknown>]> = {
  'CreateCustomerInput.contacts': () => [CREATE_CUSTOMER, customer({ contacts: many({ email: '?' }) })],
  'CreateCustomerInput.metadata': () => [CREATE_CUSTOMER, customer(pairs)],
  'UpdateCustomerInput.metadata': (uuid) => [UPDATE_CUSTOMER, { uuid, input: pairs }],
  'UpdateCustomersItemInput.metadata': (uuid) => [UPDATE_CUSTOMERS, { inputs: [{ uuid, ...pairs }] }],
  'ContactChangesInput.add': (uuid) => [
    UPDATE_CUSTOMER,
    { uuid, input: { contacts: { add: many({ email: '?' }) } } },
  ],
  'ContactChangesInput.update': (uuid) => [
    UPDATE_CUSTOMER,
    { uuid, input: { contacts: { update: many({ uuid: UNKNOWN_UUID, email: '?' }) } } },
  ],
  'ContactChangesInput.remove': (uuid) => [
    UPDATE_CUSTOMER,
    { uuid, input: { contacts: { remove: many(UNKNOWN_UUID) } } },
  ],
  'CreateWebhookEndpointInput.types': () => [
    CREATE_ENDPOINT,
    { input: { url: 'https://partner.example', types: many('CREATED') } },
  ],
  'UpdateWebhookEndpointInput.types': () => [
    UPDATE_ENDPOINT,
    { uuid: endpoint, input: { types: many('CREATED') } },
  ],
  'customerEvents.types': () => [
    'query ($types: [CustomerEventType!]) { customerEvents(types: $types) { nodes { id } } }',
    { types: many('CREATED') },
  ],
  'nodes.ids': () => ['query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: many(UNKNOWN_UUID) }],
  'createCustomers.inputs': () => [CREATE_CUSTOMERS, { inputs: many({ customer: '', email: '' }) }],
  'updateCustomers.inputs': () => [UPDATE_CUSTOMERS, { inputs: many({ uuid: UNKNOWN_UUID }) }],
};

let gateway: TestGateway;
let partner: SignedClient;
let stored: string;
const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(await startTestGateway(), (it) => it.close());
  partner = gateway.nextPartner();
  stored = (await createCustomer(partner)).uuid;
  endpoint = (await createEndpoint(partner, 'https://partner.example')).uuid;
});

test('every list of the schema that a caller can send is tested here', async () => {
  const schema = await buildGatewaySchema();
  const roots = [schema.getQueryType(), schema.getMutationType()].filter((root) => isObjectType(root));
  const inputs = Object.values(schema.getTypeMap()).filter((type) => isInputObjectType(type));
  const lists = [
    ...roots.flatMap((root) =>
      Object.values(root.getFields()).flatMap(({ name, args }) => args.map((arg) => ({ of: name, ...arg }))),
    ),
    ...inputs.flatMap((input) =>
      Object.values(input.getFields()).map((field) => ({ of: input.name, ...field })),
    ),
  ].filter(({ type }) => isListType(getNullableType(type)));
  expect(lists.map(({ of, name }) => `${of}.${name}`).toSorted()).toEqual(Object.keys(overlong).toSorted());
});

test.each(Object.entries(overlong))('%s of 10,000 items is one error, not thousands', async (_list, ask) => {
  const answer = await partner.send(...ask(stored));
  expect(answer.status).toBe(200);
  expect(answer.text.match(/"code":"\w+"/g)).toEqual([expect.any(String), '"code":"TOO_MANY"']);
});
