import { createHmac, createHash, randomBytes } from 'node:crypto';

/** Who the bench signs as. */
export interface Client {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly token: string;
  readonly teamId: string;
}

/** What a server is asked to do and how its answer tells that it was done. */
export interface Operation {
  /** The JSON of a request's body; a new customer each time it creates one. */
  body(uuid: string): string;
  isDone(answer: string): boolean;
}

/** The two kinds of work that are measured, in the words of one server. */
export interface Operations {
  readonly create: Operation;
  readonly read: Operation;
}

const addressParts = '{ street city state zipCode country }';
const customerParts = `{
  uuid customer email mainPhone website status
  billingAddress ${addressParts} shippingAddress ${addressParts}
  contacts { uuid firstName lastName email phone isPrimary }
  createdAt updatedAt
}`;

const createQuery = `mutation CreateCustomer($input: CreateCustomerInput!) {
  createCustomer(input: $input) {
    __typename
    ... on Created { status message data ${customerParts} }
    ... on Error { status message code }
    ... on ValidationError { errors { path message code } }
  }
}`;

const readQuery = `query Customer($uuid: UUID!) { customer(uuid: $uuid) ${customerParts} }`;

/** A customer with two addresses and two contacts, whose email nobody has. */
export function newCustomer() {
  const unique = randomBytes(8).toString('hex');
  return {
    customer: 'Grace Hopper Ltd',
    email: `${unique}@hopper.example`,
    mainPhone: '+1 212 555 0100',
    website: 'https://hopper.example',
    billingAddress: {
      street: '1 Compiler Row',
      city: 'Arlington',
      state: 'VA',
      zipCode: '22201',
      country: 'US',
    },
    shippingAddress: {
      street: '9 Harbour Street',
      city: 'New York',
      state: 'NY',
      zipCode: '10004',
      country: 'US',
    },
    contacts: [
      { firstName: 'Grace', lastName: 'Hopper', email: 'grace@hopper.example', isPrimary: true },
      { firstName: 'Howard', lastName: 'Aiken', phone: '+1 617 555 0144' },
    ],
  };
}

/** The gateway's own contract; every peer but PostGraphile speaks it. */
export const gatewayOperations: Operations = {
  create: {
    body: () => JSON.stringify({ query: createQuery, variables: { input: newCustomer() } }),
    isDone: (answer) => answer.includes('"__typename":"Created"'),
  },
  read: {
    body: (uuid) => JSON.stringify({ query: readQuery, variables: { uuid } }),
    isDone: (answer) => answer.includes('"customer":{"uuid":'),
  },
};

/** The headers of a request to `/graphql`, signed now. */
export function signedHeaders(client: Client, body: string): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const bodyHash = createHash('sha256').update(body).digest('hex');
  const signature = createHmac('sha256', client.clientSecret)
    .update(`POST:/graphql:${timestamp}:${bodyHash}`)
    .digest('hex');
  return {
    'content-type': 'application/json',
    'x-client-id': client.clientId,
    'x-timestamp': timestamp,
    'x-signature': signature,
    authorization: `Bearer ${client.token}`,
  };
}
