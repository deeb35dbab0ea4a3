import { readFileSync } from 'node:fs';
import mercurius from 'mercurius';
import { serve, signedApp } from './signed-app.ts';
import { type CustomerInput, insertInOneStatement, selectCustomer } from './statements.ts';

/**
 * Mercurius on the gateway's own schema, with resolvers by hand, the one statement, and its compiler switched on.
 * Neither validates beyond the schema nor limits.
 */
const app = signedApp();
await app.register(mercurius, {
  schema: readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'),
  jit: 1,
  resolvers: {
    Mutation: {
      createCustomer: async (_root: unknown, { input }: { input: CustomerInput }) => {
        const data = await insertInOneStatement(input);
        return data
          ? { __typename: 'Created', status: 'success', message: 'Customer created.', data }
          : {
              __typename: 'Conflict',
              status: 'error',
              message: 'A customer with this email exists already.',
            };
      },
    },
    Query: {
      customer: (_root: unknown, { uuid }: { uuid: string }) => selectCustomer(uuid),
    },
  },
});
await serve(app);
