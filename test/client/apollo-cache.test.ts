import { ApolloClient, gql, InMemoryCache } from '@apollo/client';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createSignedHttpLink, possibleTypes, typePolicies } from 'customer-gateway-client/apollo';
import { ada, address, bob, createCustomer, newCustomer } from '../support/customers.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { type Partner } from '../support/partner.js';
import { sharedResources } from '../support/resources.js';

const CUSTOMER = '{ id customer contacts { id firstName } }';

const LIST = gql`
  query {
    customersConnection {
      nodes ${CUSTOMER}
    }
  }
`;

const CREATE = gql`
  mutation ($input: CreateCustomerInput!) {
    createCustomer(input: $input) {
      ... on Error {
        code
        message
      }
    }
  }
`;

const UPDATE = gql`
  mutation ($uuid: UUID!, $input: UpdateCustomerInput!) {
    updateCustomer(uuid: $uuid, input: $input) {
      ... on Updated {
        data ${CUSTOMER}
      }
    }
  }
`;

const HISTORY = gql`
  query ($id: ID!) {
    node(id: $id) {
      id
      ... on Customer {
        history {
          nodes {
            id
            customer {
              uuid
              customer
              contacts {
                uuid
                firstName
              }
            }
          }
        }
      }
    }
  }
`;

let gateway: TestGateway;
const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(await startTestGateway({}, 10), (it) => it.close());
});

// Apollo Client prints a warning when a write loses data of the cache.
beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(() => {
  const [warning] = vi.mocked(console.warn).mock.calls;
  vi.restoreAllMocks();
  if (warning) throw new Error(`Apollo Client warned: ${warning.join(' ')}`);
});

const newClient = ({ credentials }: Partner) =>
  new ApolloClient({
    link: createSignedHttpLink(gateway.url, credentials),
    cache: new InMemoryCache({ possibleTypes, typePolicies }),
  });

test("Apollo Client's cache has the new name in a list after an update, and still after the history was read", async () => {
  const partner = gateway.nextPartner();
  const { uuid, contacts } = await createCustomer(partner, newCustomer({ contacts: [{ firstName: 'Ada' }] }));
  const client = newClient(partner);
  const contact = contacts[0]?.uuid;
  const cached = () => client.readQuery({ query: LIST });
  const listed = (customer: string, firstName: string) => ({
    customersConnection: { nodes: [{ id: uuid, customer, contacts: [{ id: contact, firstName }] }] },
  });

  await client.query({ query: LIST });
  expect(cached()).toMatchObject(listed('Acme', 'Ada'));
  const input = { customer: 'New name', contacts: { update: [{ uuid: contact, firstName: 'Grace' }] } };
  await client.mutate({ mutation: UPDATE, variables: { uuid, input } });
  expect(cached()).toMatchObject(listed('New name', 'Grace'));

  const { data } = await client.query({ query: HISTORY, variables: { id: uuid } });
  expect(data).toMatchObject({
    node: {
      history: { nodes: [{ customer: { customer: 'New name' } }, { customer: { customer: 'Acme' } }] },
    },
  });
  expect(cached()).toMatchObject(listed('New name', 'Grace'));
});

test("Apollo Client's cache keeps the code of an error, which is a field of an interface", async () => {
  const partner = gateway.nextPartner();
  const client = newClient(partner);
  const input = newCustomer();
  const create = async () => (await client.mutate({ mutation: CREATE, variables: { input } })).data;
  expect(await create()).toEqual({ createCustomer: { __typename: 'Created' } });
  expect(await create()).toEqual({
    createCustomer: {
      __typename: 'Conflict',
      code: 'EMAIL_EXISTS',
      message: expect.any(String),
    },
  });
});

const PAGE = '(first: $first, after: $after, last: $last, before: $before, filter: $filter)';
const PAGE_INFO = 'pageInfo { startCursor endCursor hasNextPage hasPreviousPage }';

/** Reads a list of customers page by page in a query that selects this of a page, and returns the list that the cache then has. */
async function readPages(partner: Partner, selection: string, size: { first: number } | { last: number }) {
  const query = gql`
    query ($first: Int, $after: String, $last: Int, $before: String, $filter: CustomerFilterInput) {
      customersConnection${PAGE} { totalCount ${selection} ${PAGE_INFO} }
    }
  `;
  const client = newClient(partner);
  const variables = { ...size, filter: { search: 'listed' } };
  const list = client.watchQuery<Listed>({ query, variables });
  const { data } = await list.refetch();
  let pageInfo = data?.customersConnection.pageInfo;
  for (let page = 1; page < 3; page += 1) {
    const next = 'first' in size ? { after: pageInfo?.endCursor } : { before: pageInfo?.startCursor };
    const more = await list.fetchMore({ variables: next });
    pageInfo = more.data.customersConnection.pageInfo;
  }
  return client.readQuery<Listed>({ query, variables })?.customersConnection;
}

interface CustomerList {
  readonly totalCount: number;
  readonly pageInfo: { readonly startCursor: string; readonly endCursor: string };
  readonly nodes?: readonly { readonly customer: string }[];
  readonly edges?: readonly { readonly node: { readonly customer: string } }[];
}

interface Listed {
  readonly customersConnection: CustomerList;
}

test.each([
  ['edges { cursor node { id customer } }', { first: 2 }],
  ['nodes { id customer }', { first: 2 }],
  ['edges { cursor } nodes { id customer }', { first: 2 }],
  ['edges { cursor node { id customer } }', { last: 2 }],
  ['nodes { id customer }', { last: 2 }],
])('the pages of a query of `%s` with %o are one list', async (selection, size) => {
  const partner = gateway.nextPartner();
  const names = ['Listed 1', 'Listed 2', 'Listed 3', 'Listed 4', 'Listed 5'];
  for (const customer of [...names, 'Another']) await createCustomer(partner, { customer });

  const { nodes, edges, ...list } = (await readPages(partner, selection, size)) ?? {};
  expect(list).toMatchObject({ totalCount: 5, pageInfo: { hasNextPage: false, hasPreviousPage: false } });
  expect((nodes ?? edges?.map(({ node }) => node))?.map(({ customer }) => customer)).toEqual(names);
});

test('lists with other filters or another order are other lists', async () => {
  const partner = gateway.nextPartner();
  await createCustomer(partner, { customer: 'A', status: 'ACTIVE' });
  await createCustomer(partner, { customer: 'B', status: 'INACTIVE' });
  const client = newClient(partner);
  const query = gql`
    query ($filter: CustomerFilterInput, $orderBy: CustomerOrderInput) {
      customersConnection(filter: $filter, orderBy: $orderBy) {
        nodes {
          id
          customer
        }
      }
    }
  `;
  const lists: [object, string[]][] = [
    [{}, ['A', 'B']],
    [{ filter: { status: 'INACTIVE' } }, ['B']],
    [{ orderBy: { direction: 'DESC' } }, ['B', 'A']],
  ];
  for (const [variables] of lists) await client.query({ query, variables });
  for (const [variables, names] of lists) {
    expect(client.readQuery({ query, variables })).toMatchObject({
      customersConnection: { nodes: names.map((customer) => ({ customer })) },
    });
  }
});

test('queries that select different parts of an address and of a page share them', async () => {
  const partner = gateway.nextPartner();
  const { uuid } = await createCustomer(partner, { billingAddress: address });
  const client = newClient(partner);
  const [street, city] = ['street', 'city'].map(
    (field) => gql`query ($uuid: UUID!) { customer(uuid: $uuid) { id billingAddress { ${field} } } }`,
  );
  const [records, total] = ['records { id }', 'totalRecords'].map((field) => gql`{ customers { ${field} } }`);
  if (!street || !city || !records || !total) throw new Error('Not four queries');
  for (const query of [street, city, records, total]) await client.query({ query, variables: { uuid } });

  expect(client.readQuery({ query: street, variables: { uuid } })).toMatchObject({
    customer: { billingAddress: { street: address.street } },
  });
  expect(client.readQuery({ query: records })).toMatchObject({ customers: { records: [{ id: uuid }] } });
});

test('a contact that was removed is no longer in the cached list', async () => {
  const partner = gateway.nextPartner();
  const { uuid, contacts } = await createCustomer(partner, newCustomer({ contacts: [ada, bob] }));
  const client = newClient(partner);
  await client.query({ query: LIST });
  const input = { contacts: { remove: [contacts[0]?.uuid] } };
  await client.mutate({ mutation: UPDATE, variables: { uuid, input } });
  expect(client.readQuery({ query: LIST })).toMatchObject({
    customersConnection: { nodes: [{ contacts: [{ id: contacts[1]?.uuid }] }] },
  });
});
