import { randomBytes } from 'node:crypto';
import { anyEmail, customerParts, gatewayOperations, hasTimes, type Operation } from './operations.ts';

/** A work of which it is measured how it grows with the number of customers. */
export interface GrowthWork {
  readonly name: string;
  readonly operation: Operation;
  readonly connections: number;
  readonly amount: number;
}

const READS = { connections: 16, amount: 3_000 };
/** One at a time, so that each figure is the time of one statement and not that of a queue. */
const LISTS = { connections: 1, amount: 25 };

const LIMIT = 100;
const LAST_PAGE = 10_000;
/** Characters of an email that are enough to find it alone. */
const PART = { from: 3, to: 15 };

const pageQuery = `query ($search: String, $page: Int, $limit: Int) {
  customers(search: $search, page: $page, limit: $limit, orderBy: CUSTOMER) { records ${customerParts} }
}`;

const page = (variables: object) => JSON.stringify({ query: pageQuery, variables });
const hasCustomers = (answer: string, count: number) => hasTimes(answer, '"billingAddress":{', count);

const byEmail: Operation = {
  creates: 0,
  body: (seeded) =>
    JSON.stringify({
      query: `query ($email: String!) { customerByEmail(email: $email) ${customerParts} }`,
      variables: { email: anyEmail(seeded) },
    }),
  isDone: (answer) => answer.includes('"customerByEmail":{"uuid":'),
};

const firstPage: Operation = {
  creates: 0,
  body: () => page({ page: 1 }),
  isDone: (answer) => hasTimes(answer, '"records":[{', 1),
};

/** The last page, or the last one that may be requested. */
const deepPage: Operation = {
  creates: 0,
  body: ({ customers }) =>
    page({ page: Math.max(1, Math.min(LAST_PAGE, Math.floor(customers / LIMIT))), limit: LIMIT }),
  isDone: (answer) => hasTimes(answer, '"records":[{', 1),
};

const total: Operation = {
  creates: 0,
  body: () => JSON.stringify({ query: '{ customers { totalRecords } }' }),
  isDone: (answer) => answer.includes('"totalRecords":'),
};

const searchOne: Operation = {
  creates: 0,
  body: (seeded) => page({ search: anyEmail(seeded).slice(PART.from, PART.to) }),
  isDone: (answer) => hasCustomers(answer, 1),
};

/** Letters and digits as in every email, in an order that none has. */
const searchNone: Operation = {
  creates: 0,
  body: () => page({ search: randomBytes((PART.to - PART.from) / 2).toString('hex') }),
  isDone: (answer) => answer.includes('"records":[]'),
};

/** Creates come last: they change the number of customers. */
export const growthWorks: readonly GrowthWork[] = [
  { name: 'read by UUID, 16 at once', operation: gatewayOperations.read, ...READS },
  { name: 'read by email, 16 at once', operation: byEmail, ...READS },
  { name: 'page 1 of 20', operation: firstPage, ...LISTS },
  { name: 'page 10,000 of 100, or the last', operation: deepPage, ...LISTS },
  { name: 'total', operation: total, ...LISTS },
  { name: 'search that finds one', operation: searchOne, ...LISTS },
  { name: 'search that finds nothing', operation: searchNone, ...LISTS },
  { name: 'create, 16 at once', operation: gatewayOperations.create, ...READS },
];
