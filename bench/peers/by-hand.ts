import { serve, signedApp } from './signed-app.ts';
import {
  type CustomerInput,
  insertInOneStatement,
  insertInTransaction,
  selectCustomer,
} from './statements.ts';

/**
 * Fastify and pg by hand, without GraphQL: reads the input out of the request's variables and answers in the same
 * JSON. Neither validates nor limits. `BENCH_INSERT=transaction` writes as most people do.
 */
const insert = process.env['BENCH_INSERT'] === 'transaction' ? insertInTransaction : insertInOneStatement;

interface Body {
  readonly variables: { readonly input?: CustomerInput; readonly uuid?: string };
}

const app = signedApp();
// oxlint-disable-next-line oxc/no-async-endpoint-handlers -- Fastify, unlike Express, waits for them
app.post<{ Body: Body }>('/graphql', async (request) => {
  const { input, uuid } = request.body.variables;
  if (input === undefined) return { data: { customer: await selectCustomer(uuid ?? '') } };
  const data = await insert(input);
  const createCustomer = data
    ? { __typename: 'Created', status: 'success', message: 'Customer created.', data }
    : { __typename: 'Conflict', status: 'error', message: 'A customer with this email exists already.' };
  return { data: { createCustomer } };
});
await serve(app);
