import { ApolloClient, gql, InMemoryCache } from '@apollo/client';
import { beforeAll, expect, test } from 'vitest';
import { createSignedHttpLink, possibleTypes } from 'customer-gateway-client/apollo';
import { createCustomer, newCustomer } from '../support/customers.js';
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
  gateway = resources.adopt(await startTestGateway(), (it) => it.close());
});

const newClient = ({ credentials }: Partner) =>
  new ApolloClient({
    link: createSignedHttpLink(gateway.url, credentials),
    cache: new InMemoryCache({ possibleTypes }),
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
