import { createdOrConflict, customersCreated } from './answers.ts';
import { type CustomerInput } from './customer.ts';
import { insertMany, insertOne } from './one-statement.ts';
import { selectOne, selectPage } from './reads.ts';

/** Resolvers by hand for the gateway's schema, with the statements of (a). They neither validate beyond the schema nor limit. */
export const resolvers = {
  Mutation: {
    createCustomer: async (_root: unknown, { input }: { input: CustomerInput }) =>
      createdOrConflict(await insertOne(input)),
    createCustomers: async (_root: unknown, { inputs }: { inputs: readonly CustomerInput[] }) =>
      customersCreated((await insertMany(inputs)).map(createdOrConflict)),
  },
  Query: {
    customer: (_root: unknown, { uuid }: { uuid: string }) => selectOne(uuid),
    customers: (_root: unknown, { page, limit }: { page: number; limit: number }) => selectPage(page, limit),
  },
};
