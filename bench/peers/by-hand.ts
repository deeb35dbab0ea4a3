import { createdOrConflict, customersCreated } from './answers.ts';
import { type CustomerInput } from './customer.ts';
import * as inTransaction from './in-transaction.ts';
import * as oneStatement from './one-statement.ts';
import { selectOne, selectPage } from './reads.ts';
import { serve, signedApp } from './signed-app.ts';

/**
 * Fastify and pg by hand, without GraphQL: reads the input out of the request's variables and answers in the same
 * JSON. Neither validates nor limits. `BENCH_INSERT=transaction` writes as most people do.
 */
const { insertOne, insertMany } =
  process.env['BENCH_INSERT'] === 'transaction' ? inTransaction : oneStatement;

interface Body {
  readonly variables: {
    readonly input?: CustomerInput;
    readonly inputs?: readonly CustomerInput[];
    readonly page?: number;
    readonly limit?: number;
    readonly uuid?: string;
  };
}

const app = signedApp();
// oxlint-disable-next-line oxc/no-async-endpoint-handlers -- Fastify, unlike Express, waits for them
app.post<{ Body: Body }>('/graphql', async (request) => {
  const { input, inputs, page, limit, uuid } = request.body.variables;
  if (input) return { data: { createCustomer: createdOrConflict(await insertOne(input)) } };
  if (inputs)
    return { data: { createCustomers: customersCreated((await insertMany(inputs)).map(createdOrConflict)) } };
  if (page && limit) return { data: { customers: await selectPage(page, limit) } };
  return { data: { customer: await selectOne(uuid ?? '') } };
});
await serve(app);
