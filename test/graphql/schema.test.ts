import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  getNamedType,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  isUnionType,
  Kind,
  parse,
  validate,
} from 'graphql';
import { authenticationPlugin } from '../../src/auth/authentication-plugin.js';
import { type GatewayContext } from '../../src/graphql/context.js';
import { errorCodes } from '../../src/errors/error-codes.js';
import { printGatewaySchema } from '../../scripts/print-schema.ts';
import { buildGatewaySchema } from '../../src/graphql/schema.js';

let schema: GraphQLSchema;
beforeAll(async () => {
  schema = await buildGatewaySchema();
});

const ownTypes = () => Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__'));

/** A selection of all fields of a type or interface and of the members of unions. Of a type within itself only its name. */
function everythingOf(type: GraphQLOutputType, around: readonly GraphQLNamedType[] = []): string {
  const named = getNamedType(type);
  const inside = [...around, named];
  if (isUnionType(named)) {
    const members = named.getTypes().map((member) => `... on ${member.name} ${everythingOf(member, inside)}`);
    return `{ ${members.join(' ')} }`;
  }
  if (!isObjectType(named) && !isInterfaceType(named)) return '';
  if (around.includes(named)) return '{ __typename }';
  const fields = Object.values(named.getFields());
  return `{ ${fields.map((field) => `${field.name} ${everythingOf(field.type, inside)}`).join(' ')} }`;
}

describe('the schema', () => {
  test('in schema.graphql is the one of the code', async () => {
    expect(await readFile('schema.graphql', 'utf8')).toBe(printGatewaySchema(schema));
  });

  test('lets a client ask every member of every union for all its fields at once, without aliases', () => {
    const roots = [schema.getQueryType(), schema.getMutationType()].filter((root) => isObjectType(root));
    const fields = roots.flatMap((root) =>
      Object.values(root.getFields()).map((field) => ({
        field,
        operation: root === schema.getMutationType() ? 'mutation' : 'query',
      })),
    );
    for (const { field, operation } of fields) {
      const variables = field.args.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ');
      const values = field.args.map(({ name }) => `${name}: $${name}`).join(', ');
      const inParentheses = (list: string) => (list === '' ? '' : `(${list})`);
      const document = parse(
        `${operation} ${inParentheses(variables)} { ${field.name}${inParentheses(values)} ${everythingOf(field.type)} }`,
      );
      expect(validate(schema, document)).toEqual([]);
    }
  });

  test('reads the fields of a value as they are: only the roots, lazy lists and bulks have resolvers', () => {
    const resolved = ownTypes()
      .filter(isObjectType)
      // The `id` of some types is their `uuid`.
      .filter((type) =>
        Object.values(type.getFields()).some(({ name, resolve }) => resolve && name !== 'id'),
      );
    expect(resolved.map(({ name }) => name)).toEqual([
      // Its history.
      'Customer',
      'CustomerEventConnection',
      // Its deliveries.
      'WebhookEndpoint',
      'WebhookDeliveryConnection',
      'Query',
      'CustomerPage',
      'CustomerConnection',
      'Mutation',
      'CustomersCreated',
      'CustomersUpdated',
    ]);
  });

  test('has a ready operation in examples.graphql for every field of the roots', async () => {
    const document = parse(await readFile('examples/examples.graphql', 'utf8'));
    expect(validate(schema, document)).toEqual([]);
    const shown = new Set<string>();
    for (const operation of document.definitions) {
      if (operation.kind !== Kind.OPERATION_DEFINITION) continue;
      for (const selection of operation.selectionSet.selections) {
        if (selection.kind === Kind.FIELD) shown.add(selection.name.value);
      }
    }
    const roots = [schema.getQueryType(), schema.getMutationType()].flatMap((root) =>
      Object.keys(root?.getFields() ?? {}),
    );
    expect([...shown].toSorted((a, b) => a.localeCompare(b))).toEqual(
      roots.toSorted((a, b) => a.localeCompare(b)),
    );
  });
});

test('an error code is spelled as its name', () => {
  for (const [name, code] of Object.entries(errorCodes)) expect(code).toBe(name);
});

test('Apollo parses no document without a known caller', async () => {
  let parsed = false;
  const watchParsing: ApolloServerPlugin = {
    requestDidStart: async () => ({
      parsingDidStart: async () => {
        parsed = true;
      },
    }),
  };
  const logger = { debug: noop, info: noop, warn: noop, error: noop };
  const apollo = new ApolloServer<GatewayContext>({
    schema,
    logger,
    plugins: [authenticationPlugin, watchParsing],
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only what the plugin looks at
  const contextValue = { authentication: { failure: { reason: 'TOKEN_INVALID' } } } as GatewayContext;
  await expect(apollo.executeOperation({ query: '{ __typename }' }, { contextValue })).rejects.toThrow(
    'Internal server error',
  );
  expect(parsed).toBe(false);
  await apollo.stop();
});

function noop(): void {}
