import {
  graphql,
  GraphQLBoolean,
  type GraphQLFieldConfig,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLInterfaceType,
  GraphQLObjectType,
  GraphQLSchema,
} from 'graphql';
import { beforeEach, describe, expect, test } from 'vitest';
import { ReplayGuard } from '../../src/auth/replay-guard.js';
import { ScopeRule } from '../../src/auth/requires-scope.js';
import { ScopeCheck } from '../../src/auth/scope-check.js';
import { ALL_SCOPES, type GrantedScopes, type Scope } from '../../src/auth/scopes.js';
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

const declared = (rule: ScopeRule) => ({ extensions: { scopeRule: rule } });

/** A schema to which a developer has added a query and a mutation. */
function schemaWithNewFields(): GraphQLSchema {
  const added = {
    type: GraphQLInt,
    resolve: () => (calls += 1),
    ...declared(new ScopeRule('customers:write')),
  };
  return guardRootFields(
    new GraphQLSchema({
      query: new GraphQLObjectType({ name: 'Query', fields: { newQuery: added } }),
      mutation: new GraphQLObjectType({ name: 'Mutation', fields: { newMutation: added } }),
    }),
  );
}

async function send(source: string, signature: string, scopes: GrantedScopes = ALL_SCOPES) {
  const contextValue = {
    limit: await limits.begin('client'),
    record: new RequestRecord(),
    signature: new SignatureClaim(replays, signature),
    scopes: new ScopeCheck(scopes),
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

test('a new field is not executed for a token without its scope, and counts against the rate limit', async () => {
  const reader = new Set<Scope>(['customers:read']);
  expect(await send('{ newQuery }', 'first', reader)).toMatchObject({ codes: ['FORBIDDEN'] });
  expect(await send('mutation { newMutation }', 'second', reader)).toMatchObject({ codes: ['FORBIDDEN'] });
  expect(await send('mutation { newMutation }', 'second')).toMatchObject({ codes: ['UNAUTHENTICATED'] });
  expect(await send('{ newQuery }', 'third', reader)).toMatchObject({ codes: ['RATE_LIMIT_EXCEEDED'] });
  expect(calls).toBe(0);
});

describe('no schema is built with', () => {
  const build = (query: GraphQLFieldConfig<unknown, unknown>, types: GraphQLObjectType[] = []) =>
    guardRootFields(
      new GraphQLSchema({
        query: new GraphQLObjectType({ name: 'Query', fields: { newQuery: query } }),
        types,
      }),
    );

  test('a query or a mutation that declares no scope', () => {
    expect(() => build({ type: GraphQLInt })).toThrow(
      'The root field newQuery declares no scope: add @RequiresScope.',
    );
    const newMutation = { type: GraphQLInt };
    const mutation = new GraphQLObjectType({ name: 'Mutation', fields: { newMutation } });
    expect(() => guardRootFields(new GraphQLSchema({ mutation }))).toThrow('newMutation declares no scope');
  });

  test('a type without a scope that a field returns by its interface', () => {
    const fields = { id: { type: GraphQLInt } };
    const type = new GraphQLInterfaceType({ name: 'Node', fields });
    const invoice = new GraphQLObjectType({ name: 'Invoice', interfaces: [type], fields });
    const query = { type, ...declared(new ScopeRule(undefined)) };
    expect(() => build(query, [invoice])).toThrow(
      'The type Invoice, which newQuery can return, declares no scope: add @RequiresScope.',
    );
  });

  test('the scope of types for a field that returns no interface', () => {
    expect(() => build({ type: GraphQLInt, ...declared(new ScopeRule(undefined)) })).toThrow(
      'newQuery returns no interface: use @RequiresScope.',
    );
  });

  test.each(['missing', 'filter', 'filter.missing', 'filter.count', 'filter.deleted.more'])(
    'a scope for %s, which is no boolean argument',
    (path) => {
      const filter = new GraphQLInputObjectType({
        name: 'FilterInput',
        fields: { deleted: { type: GraphQLBoolean }, count: { type: GraphQLInt } },
      });
      const field = (ofArgument: string) => ({
        type: GraphQLInt,
        args: { filter: { type: filter } },
        ...declared(new ScopeRule('customers:read', { [ofArgument]: 'customers:delete' })),
      });
      expect(() => build(field(path))).toThrow(
        `newQuery declares a scope for ${path}, which is no boolean argument.`,
      );
      expect(() => build(field('filter.deleted'))).not.toThrow();
    },
  );
});
