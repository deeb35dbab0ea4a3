import { randomBytes, randomInt } from 'node:crypto';
import { newCustomer as exampleCustomer } from '../examples/client.mjs';

/** Who the bench signs as. */
export interface Client {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly token: string;
  readonly teamId: string;
}

/** What there is in the tables for requests to ask for. */
export interface Seeded {
  readonly uuids: readonly string[];
  readonly emails: readonly string[];
  /** All of the team's. */
  readonly customers: number;
  /** Full pages of customers by name. */
  readonly pages: number;
}

/** A request to a server, and how its response shows that it was executed. */
export interface Operation {
  /** Customers that it adds. */
  readonly creates: number;
  /** The JSON of a request's body; with new customers each time it creates some. */
  body(seeded: Seeded): string;
  isDone(answer: string): boolean;
}

/** The kinds of work that are measured, in the words of one server. */
export interface Operations {
  readonly create: Operation;
  readonly read: Operation;
  readonly page: Operation;
  readonly bulk: Operation;
}

export const PAGE_SIZE = 20;
export const BULK_SIZE = 100;

const addressParts = '{ street city state zipCode country }';
/** Every field of a customer. */
export const customerParts = `{
  uuid customer email mainPhone website status externalId notes taxNumber paymentTerm metadata { key value }
  billingAddress ${addressParts} shippingAddress ${addressParts}
  contacts { uuid firstName lastName email phone isPrimary }
  version createdAt updatedAt
}`;

const createQuery = `mutation CreateCustomer($input: CreateCustomerInput!) {
  createCustomer(input: $input) {
    __typename
    ... on Created { status message data ${customerParts} }
    ... on Error { status message code }
    ... on ValidationError { errors { path message code } }
  }
}`;

const bulkQuery = `mutation CreateCustomers($inputs: [CreateCustomerInput!]!) {
  createCustomers(inputs: $inputs) {
    __typename
    ... on CustomersCreated {
      status message successCount errorCount
      results {
        __typename
        ... on Created { status message data ${customerParts} }
        ... on Error { status message code }
        ... on ValidationError { errors { path message code } }
      }
    }
    ... on Error { status message code }
  }
}`;

const readQuery = `query Customer($uuid: UUID!) { customer(uuid: $uuid) ${customerParts} }`;

const pageQuery = `query Customers($page: Int!, $limit: Int!) {
  customers(page: $page, limit: $limit, orderBy: CUSTOMER) { page limit records ${customerParts} }
}`;

/** The examples' customer, with two addresses and two contacts, with a new email. */
export function newCustomer() {
  return { ...exampleCustomer(), email: `${randomBytes(8).toString('hex')}@hopper.example` };
}

/** The uuid of any customer that was seeded. */
export function anyUuid({ uuids }: Seeded): string {
  return uuids[randomInt(uuids.length)] ?? '';
}

/** The email of any customer that was seeded. */
export function anyEmail({ emails }: Seeded): string {
  return emails[randomInt(emails.length)] ?? '';
}

/** What there is in empty tables. */
export const NOTHING: Seeded = { uuids: [], emails: [], customers: 0, pages: 0 };

/** The number of any page, from 1. */
export function anyPage({ pages }: Seeded): number {
  return randomInt(pages) + 1;
}

/** Whether an answer has a text so many times. */
export function hasTimes(answer: string, text: string, times: number): boolean {
  return answer.split(text).length === times + 1;
}

/** The gateway's own schema; every peer but PostGraphile speaks it. */
export const gatewayOperations: Operations = {
  create: {
    creates: 1,
    body: () => JSON.stringify({ query: createQuery, variables: { input: newCustomer() } }),
    isDone: (answer) => answer.includes('"__typename":"Created"'),
  },
  read: {
    creates: 0,
    body: (seeded) => JSON.stringify({ query: readQuery, variables: { uuid: anyUuid(seeded) } }),
    isDone: (answer) => answer.includes('"customer":{"uuid":'),
  },
  page: {
    creates: 0,
    body: (seeded) =>
      JSON.stringify({ query: pageQuery, variables: { page: anyPage(seeded), limit: PAGE_SIZE } }),
    isDone: (answer) => hasTimes(answer, '"billingAddress":{', PAGE_SIZE),
  },
  bulk: {
    creates: BULK_SIZE,
    body() {
      const inputs = Array.from({ length: BULK_SIZE }, newCustomer);
      return JSON.stringify({ query: bulkQuery, variables: { inputs } });
    },
    isDone: (answer) => hasTimes(answer, '"__typename":"Created"', BULK_SIZE),
  },
};
