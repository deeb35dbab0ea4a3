import { type BenchDatabase } from './database.ts';
import { newCustomer } from './operations.ts';

/** An operation, and what its plans may be. */
export interface PlannedOperation {
  readonly name: string;
  readonly source: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Statements that it may send. */
  readonly statements: number;
  /** Whether it must do with one scan of one index. */
  readonly searches: boolean;
  /** Whether it may read the whole table, because no index knows that there is nothing left to find. */
  readonly readsAll: boolean;
}

const node = '{ uuid customer email metadata { key value } contacts { uuid firstName } version updatedAt }';

const page = `query ($search: String, $page: Int, $limit: Int, $orderBy: CustomerOrderField, $orderDirection: OrderDirection) {
  customers(search: $search, page: $page, limit: $limit, orderBy: $orderBy, orderDirection: $orderDirection) { records ${node} }
}`;

const connection = `query ($first: Int, $after: String, $last: Int, $filter: CustomerFilterInput, $orderBy: CustomerOrderInput) {
  customersConnection(first: $first, after: $after, last: $last, filter: $filter, orderBy: $orderBy) {
    pageInfo { hasNextPage endCursor } edges { cursor node ${node} }
  }
}`;

/** An operation that sends one statement, unless it is `expected` to send more. */
export function planned(
  name: string,
  source: string,
  variables: Record<string, unknown> = {},
  expected: Partial<Pick<PlannedOperation, 'statements' | 'searches' | 'readsAll'>> = {},
): PlannedOperation {
  return { name, source, variables, statements: 1, searches: false, readsAll: false, ...expected };
}

/** Every operation that reads or writes customers, each to be run once. */
export async function operations(database: BenchDatabase): Promise<PlannedOperation[]> {
  const sample = await sampleOf(database);
  const search = (name: string, text: string) =>
    planned(`search, ${name}`, page, { search: text, limit: 100 }, { searches: true });
  const cursor = (key: unknown, field: string) =>
    Buffer.from(JSON.stringify([field, key, sample.id])).toString('base64url');

  return [
    planned('one by uuid', `query ($uuid: UUID!) { customer(uuid: $uuid) ${node} }`, { uuid: sample.id }),
    planned('one by email', `query ($email: String!) { customerByEmail(email: $email) ${node} }`, {
      email: sample.email,
    }),
    planned('one by external id', `{ customerByExternalId(externalId: "none") ${node} }`),

    ...['CUSTOMER', 'EMAIL', 'CREATED_AT', 'UPDATED_AT'].flatMap((orderBy) => [
      planned(`page 1 of 100 by ${orderBy}`, page, { limit: 100, orderBy }),
      planned(`last 100 by ${orderBy}`, page, { limit: 100, orderBy, orderDirection: 'DESC' }),
    ]),
    planned('page 500 of 20', page, { page: 500 }),
    planned('page 10,000 of 100', page, { page: 10_000, limit: 100 }, { readsAll: true }),
    planned(
      'page 10,000 of 100 by EMAIL',
      page,
      { page: 10_000, limit: 100, orderBy: 'EMAIL' },
      { readsAll: true },
    ),
    planned('totals', '{ customers { totalRecords totalPages } }'),

    search('one hit', 'customer 424242'),
    search('a part of an email', sample.email.slice(3, 15)),
    search('no hit', 'there is no such customer'),
    search('every customer', 'customer'),
    search('two characters', '42'),
    planned('search, a phone number with other punctuation', page, { search: '(212) 555.4242' }),
    planned('search, two characters that no customer has', page, { search: 'zq' }, { readsAll: true }),
    search('the first word of 5% of the names, late in the order', 'stone'),
    planned(
      'a filter that no customer matches',
      connection,
      { filter: { status: 'INACTIVE' } },
      { readsAll: true },
    ),
    planned(
      'search, with totals',
      `{ customers(search: "er 4242") { totalRecords records ${node} } }`,
      {},
      {
        statements: 2,
        searches: true,
      },
    ),

    planned('100 after a cursor by name', connection, {
      first: 100,
      after: cursor('kelp customer 5', 'CUSTOMER'),
    }),
    planned('100 after a cursor by time', connection, {
      first: 100,
      after: cursor(Date.now() - 500_000_000, 'CREATED_AT'),
      orderBy: { field: 'CREATED_AT' },
    }),
    planned('the last 100', connection, { last: 100 }),
    planned('100 with a status, created in a span', connection, {
      first: 100,
      filter: { status: 'ACTIVE', createdAt: { from: new Date(Date.now() - 3_600_000).toISOString() } },
      orderBy: { field: 'CREATED_AT', direction: 'DESC' },
    }),
    planned('deleted since a time', connection, {
      first: 100,
      filter: { deleted: true, updatedAt: { from: new Date(Date.now() - 3_600_000).toISOString() } },
      orderBy: { field: 'UPDATED_AT' },
    }),
    planned('search by cursor', connection, { filter: { search: 'customer 4242' } }, { searches: true }),

    planned(
      'create 100',
      'mutation ($inputs: [CreateCustomerInput!]!) { createCustomers(inputs: $inputs) { __typename ... on Error { code } } }',
      { inputs: Array.from({ length: 100 }, newCustomer) },
    ),
    planned(
      'create one, with a key',
      'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input, idempotencyKey: "k") { __typename ... on Error { code } } }',
      { input: newCustomer() },
    ),
    planned(
      'update, contacts too',
      `mutation ($uuid: UUID!, $contact: UUID!) {
        updateCustomer(uuid: $uuid, input: { notes: "x", contacts: { update: [{ uuid: $contact, phone: "1" }] } }) { __typename ... on Error { code } }
      }`,
      { uuid: sample.id, contact: sample.contact },
      { statements: 2 },
    ),
    planned(
      'upsert',
      'mutation ($input: CreateCustomerInput!) { upsertCustomer(input: $input, by: EMAIL) { __typename ... on Error { code } } }',
      { input: { ...newCustomer(), email: sample.email } },
    ),
    planned(
      'delete and restore',
      `mutation ($uuid: UUID!) { deleteCustomer(uuid: $uuid) { __typename ... on Error { code } } restoreCustomer(uuid: $uuid) { __typename ... on Error { code } } }`,
      { uuid: sample.id },
      { statements: 2 },
    ),
    planned(
      'erase',
      'mutation ($uuid: UUID!) { eraseCustomer(uuid: $uuid) { __typename ... on Error { code } } }',
      { uuid: sample.id },
      { statements: 4 },
    ),
  ];
}

interface Sample {
  readonly id: string;
  readonly email: string;
  readonly contact: string;
}

/** A customer from the middle of the table. */
async function sampleOf(database: BenchDatabase): Promise<Sample> {
  const [sample] = await database.query<Sample>(
    `select customer.id, customer.email, contact.id as contact
     from customer join contact on customer_id = customer.id order by customer.id offset 100 limit 1`,
  );
  if (!sample) throw new Error('The table is empty');
  return sample;
}
