import { randomBytes } from 'node:crypto';
import { newCustomer as exampleCustomer } from '../examples/client.mjs';

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

/** The examples' customer, with two addresses and two contacts, under an email that nobody has. */
export function newCustomer() {
  return { ...exampleCustomer(), email: `${randomBytes(8).toString('hex')}@hopper.example` };
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
