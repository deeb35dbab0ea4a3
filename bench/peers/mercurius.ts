import { readFileSync } from 'node:fs';
import mercurius from 'mercurius';
import { createdOrConflict, customersCreated } from './answers.ts';
import { type CustomerInput } from './customer.ts';
import { insertMany, insertOne } from './one-statement.ts';
import { selectOne, selectPage } from './reads.ts';
import { serve, signedApp } from './signed-app.ts';

/**
 * Mercurius on the gateway's own schema, with resolvers by hand, the statements of (a), and its compiler switched on.
 * Neither validates beyond the schema nor limits.
 */
const app = signedApp();
await app.register(mercurius, {
  schema: readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'),
  jit: 1,
  resolvers: {
    Mutation: {
      createCustomer: async (_root: unknown, { input }: { input: CustomerInput }) =>
        createdOrConflict(await insertOne(input)),
      createCustomers: async (_root: unknown, { inputs }: { inputs: readonly CustomerInput[] }) =>
        customersCreated((await insertMany(inputs)).map(createdOrConflict)),
    },
    Query: {
      customer: (_root: unknown, { uuid }: { uuid: string }) => selectOne(uuid),
      customers: (_root: unknown, { page, limit }: { page: number; limit: number }) =>
        selectPage(page, limit),
    },
  },
});
await serve(app);
