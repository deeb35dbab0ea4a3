import { ApolloClient, CombinedGraphQLErrors, gql, InMemoryCache } from '@apollo/client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Client, CombinedError, fetchExchange } from '@urql/core';
import { createSignedHttpLink } from 'customer-gateway-client/apollo';
import { createSignedGraphQLClient } from 'customer-gateway-client/graphql-request';
import { createSignedClientOptions } from 'customer-gateway-client/urql';
import { ClientError } from 'graphql-request';
import { type Balancer, startBalancer } from '../support/balancer.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { CREATE_CUSTOMER } from '../support/operations.js';
import { newEmail, type PartnerCredentials } from '../support/signed-client.js';

const QUICK = { retry: { baseDelayMs: 1 } };
const READ = 'query ($email: String!) { customerByEmail(email: $email) { email } }';

type Variables = Record<string, unknown>;

/** What an app does with its GraphQL client, and how it reads why it was refused. */
interface App {
  /** @returns the answer's data. @throws what the client makes of GraphQL errors. */
  mutate(document: string, variables: Variables): Promise<unknown>;
  query(document: string, variables: Variables): Promise<unknown>;
  /** The `extensions` of the first GraphQL error. */
  extensionsOf(error: unknown): unknown;
}

const apps: [string, (url: string, credentials: PartnerCredentials) => App][] = [
  [
    'Apollo Client',
    (url, credentials) => {
      const link = createSignedHttpLink(url, credentials, QUICK);
      const client = new ApolloClient({ link, cache: new InMemoryCache() });
      return {
        mutate: async (document, variables) =>
          (await client.mutate({ mutation: gql(document), variables })).data,
        query: async (document, variables) => (await client.query({ query: gql(document), variables })).data,
        extensionsOf: (error) => CombinedGraphQLErrors.is(error) && error.errors[0]?.extensions,
      };
    },
  ],
  [
    'urql',
    (url, credentials) => {
      const client = new Client({
        ...createSignedClientOptions(url, credentials, QUICK),
        exchanges: [fetchExchange],
      });
      const dataOf = ({ data, error }: { readonly data?: unknown; readonly error?: Error | undefined }) => {
        if (error) throw error;
        return data;
      };
      return {
        mutate: async (document, variables) => dataOf(await client.mutation(document, variables)),
        query: async (document, variables) => dataOf(await client.query(document, variables)),
        extensionsOf: (error) => error instanceof CombinedError && error.graphQLErrors[0]?.extensions,
      };
    },
  ],
  [
    'graphql-request',
    (url, credentials) => {
      const client = createSignedGraphQLClient(url, credentials, QUICK);
      return {
        mutate: (document, variables) => client.request(document, variables),
        query: (document, variables) => client.request(document, variables),
        extensionsOf: (error) => error instanceof ClientError && error.response.errors?.[0]?.extensions,
      };
    },
  ],
];

let gateway: TestGateway;
let balancer: Balancer;
beforeAll(async () => {
  gateway = await startTestGateway({}, 60);
});
beforeEach(async () => {
  balancer = await startBalancer(gateway.url);
});
afterEach(() => balancer.close());
afterAll(() => gateway.close());

describe.each(apps)('an app with %s', (_name, makeApp) => {
  const newApp = (changes: Partial<PartnerCredentials> = {}) =>
    makeApp(balancer.url, { ...gateway.nextPartner().credentials, ...changes });

  test('creates a customer and finds it', async () => {
    const app = newApp();
    const email = newEmail();
    expect(await app.mutate(CREATE_CUSTOMER, { input: { customer: 'Acme', email } })).toMatchObject({
      createCustomer: { __typename: 'Created', data: { customer: 'Acme', email } },
    });
    expect(await app.query(READ, { email })).toMatchObject({ customerByEmail: { email } });
  });

  test('gets every invalid field', async () => {
    const answer = await newApp().mutate(CREATE_CUSTOMER, { input: { customer: ' ', email: 'nobody' } });
    expect(answer).toMatchObject({
      createCustomer: {
        __typename: 'ValidationError',
        errors: [{ path: 'customer' }, { path: 'email' }],
      },
    });
  });

  test('creates once, though the gateway was busy, away and cut off', async () => {
    balancer.meet('lost', { status: 503 }, { status: 429 });
    const input = { customer: 'Acme', email: newEmail() };
    expect(await newApp().mutate(CREATE_CUSTOMER, { input })).toMatchObject({
      createCustomer: { __typename: 'Created', replayed: true },
    });
    expect(balancer.received).toHaveLength(4);
  });

  test('reads why a wrong secret is refused', async () => {
    const app = newApp({ clientSecret: 'wrong' });
    const error = await app.query(READ, { email: newEmail() }).catch((refused: unknown) => refused);
    expect(app.extensionsOf(error)).toMatchObject({
      code: 'UNAUTHENTICATED',
      reason: 'SIGNATURE_MISMATCH',
    });
  });
});
