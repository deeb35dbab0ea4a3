import { Client, fetchExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { beforeAll, expect, test } from 'vitest';
import { keys, schema } from 'customer-gateway-client/graphcache';
import { createSignedClientOptions } from 'customer-gateway-client/urql';
import { createCustomer, fullCustomer, newCustomer } from '../support/customers.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { type Partner } from '../support/partner.js';
import { sharedResources } from '../support/resources.js';

const CUSTOMER = '{ id customer billingAddress { city } metadata { key value } contacts { id firstName } }';

/** Each list that can have a customer. */
const LISTS = `{
  customersConnection { totalCount edges { cursor node ${CUSTOMER} } nodes { id } pageInfo { endCursor hasNextPage } }
  customers { totalRecords records ${CUSTOMER} }
}`;

const CREATE = `mutation ($input: CreateCustomerInput!) {
  createCustomer(input: $input) {
    ... on Error { code message }
    ... on Conflict { details { field } }
  }
}`;

const UPDATE = `mutation ($uuid: UUID!, $input: UpdateCustomerInput!) {
  updateCustomer(uuid: $uuid, input: $input) { ... on Updated { data { id customer } } }
}`;

const HISTORY = `query ($id: ID!) {
  node(id: $id) {
    id
    ... on Customer {
      history { nodes { id actor { clientId } changes { field } customer { uuid customer billingAddress { city } contacts { uuid } } } }
    }
  }
}`;

let gateway: TestGateway;
const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(await startTestGateway({}, 2), (it) => it.close());
});

/** An urql client with Graphcache, and what Graphcache warns of. */
function newClient({ credentials }: Partner) {
  const warnings: string[] = [];
  const logger = (severity: string, message: string) => {
    if (severity !== 'debug') warnings.push(message);
  };
  const client = new Client({
    ...createSignedClientOptions(gateway.url, credentials),
    exchanges: [cacheExchange({ keys, schema, logger }), fetchExchange],
  });
  const cached = async (query: string, variables = {}) =>
    (await client.query(query, variables, { requestPolicy: 'cache-only' })).data;
  return { client, cached, warnings };
}

test('Graphcache has the new name in every list after an update, and still after the history was read', async () => {
  const partner = gateway.nextPartner();
  const { uuid } = await createCustomer(partner, fullCustomer());
  const { client, cached, warnings } = newClient(partner);
  const listed = (customer: string) => ({
    customersConnection: { edges: [{ node: { id: uuid, customer } }] },
    customers: { records: [{ id: uuid, customer }] },
  });

  await client.query(LISTS, {});
  expect(await cached(LISTS)).toMatchObject(listed('Acme'));
  await client.mutation(UPDATE, { uuid, input: { customer: 'New name' } });
  expect(await cached(LISTS)).toMatchObject(listed('New name'));

  await client.query(HISTORY, { id: uuid });
  expect(await cached(HISTORY, { id: uuid })).toMatchObject({
    node: {
      history: { nodes: [{ customer: { customer: 'New name' } }, { customer: { customer: 'Acme' } }] },
    },
  });
  expect(await cached(LISTS)).toMatchObject(listed('New name'));
  expect(warnings).toEqual([]);
});

test('Graphcache keeps the code of an error, which is a field of an interface', async () => {
  const { client, warnings } = newClient(gateway.nextPartner());
  const input = newCustomer();
  await client.mutation(CREATE, { input });
  const { data } = await client.mutation(CREATE, { input });
  expect(data).toMatchObject({
    createCustomer: {
      code: 'EMAIL_EXISTS',
      message: expect.any(String),
      details: { field: 'email' },
    },
  });
  expect(warnings).toEqual([]);
});
