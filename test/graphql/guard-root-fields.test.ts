import { graphql, GraphQLInt, GraphQLObjectType, GraphQLSchema } from 'graphql';
import { beforeEach, expect, test } from 'vitest';
import { ReplayGuard } from '../../src/auth/replay-guard.js';
import { SignatureClaim } from '../../src/auth/signature-claim.js';
import { guardRootFields } from '../../src/graphql/guard-root-fields.js';
import { RequestRecord } from '../../src/observability/request-record.js';
import { ClientLimits } from '../../src/rate-limit/client-limits.js';
import { SlidingWindow } from '../../src/rate-limit/sliding-window.js';

const HOUR_MS = 3_600_000;

let calls: number;
let limits: ClientLimits;
let replays: ReplayGuard;
beforeEach(() => {
  calls = 0;
  limits = new ClientLimits(new SlidingWindow(2, HOUR_MS));
  replays = new ReplayGuard(HOUR_MS, undefined);
});

/** A schema to which a developer has added a query and a mutation. */
function schemaWithNewFields(): GraphQLSchema {
  const added = { type: GraphQLInt, resolve: () => (calls += 1) };
  return guardRootFields(
    new GraphQLSchema({
      query: new GraphQLObjectType({ name: 'Query', fields: { newQuery: added } }),
      mutation: new GraphQLObjectType({ name: 'Mutation', fields: { newMutation: added } }),
    }),
  );
}

async function send(source: string, signature: string) {
  const contextValue = {
    limit: await limits.begin('client'),
    record: new RequestRecord(),
    signature: new SignatureClaim(replays, signature),
  };
  const { data, errors = [] } = await graphql({ schema: schemaWithNewFields(), source, contextValue });
  const codes = errors.map(({ extensions }) => extensions['code']);
  return { data, codes, operations: contextValue.record.operations.map(({ operation }) => operation) };
}

test('a new query counts against the rate limit', async () => {
  expect(await send('{ a: newQuery b: newQuery }', 'first')).toMatchObject({
    data: { a: 1, b: 2 },
    codes: [],
  });
  expect(await send('{ newQuery }', 'second')).toMatchObject({ codes: ['RATE_LIMIT_EXCEEDED'] });
  expect(calls).toBe(2);
});

test('a new mutation counts against the rate limit', async () => {
  await send('mutation { a: newMutation b: newMutation }', 'first');
  expect(await send('mutation { newMutation }', 'second')).toMatchObject({ codes: ['RATE_LIMIT_EXCEEDED'] });
  expect(calls).toBe(2);
});

test('a new mutation is not executed twice with one signature', async () => {
  expect(await send('mutation { newMutation }', 'recorded')).toMatchObject({ codes: [] });
  expect(await send('mutation { newMutation }', 'recorded')).toMatchObject({ codes: ['UNAUTHENTICATED'] });
  expect(calls).toBe(1);
});

test('a new field is recorded for the log', async () => {
  expect((await send('{ alias: newQuery }', 'first')).operations).toEqual(['newQuery']);
});
