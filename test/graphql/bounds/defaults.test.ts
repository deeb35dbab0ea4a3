import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  type DocumentNode,
  getNamedType,
  getNullableType,
  type GraphQLSchema,
  type GraphQLType,
  isInputObjectType,
  isListType,
  isObjectType,
  Kind,
  parse,
  validate,
} from 'graphql';
import { readConfig } from '../../../src/config/config.js';
import { limits } from '../../../src/customers/limits.js';
import { boundsRule } from '../../../src/graphql/bounds/bounds-rule.js';
import { buildGatewaySchema } from '../../../src/graphql/schema.js';

const { bounds } = readConfig({});

let schema: GraphQLSchema;
let examples: DocumentNode;
beforeAll(async () => {
  schema = await buildGatewaySchema();
  examples = parse(await readFile('examples/examples.graphql', 'utf8'));
});

/** Fields of an input object, with 50 items in each list. */
function fieldsOf(type: GraphQLType | undefined): number {
  if (!isInputObjectType(type)) return 0;
  return Object.values(type.getFields()).reduce((sum, field) => {
    const items = isListType(getNullableType(field.type)) ? limits.contacts : 1;
    return sum + 1 + items * fieldsOf(getNamedType(field.type));
  }, 0);
}

const types = () => Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__'));

describe('the bounds', () => {
  test('are at least twice what our own operations need', () => {
    const halves = {
      ...bounds,
      depth: bounds.depth / 2,
      cost: bounds.cost / 2,
      rootFields: 1,
      aliases: 0,
      directives: 0,
    };
    expect(validate(schema, examples, [boundsRule(halves)])).toEqual([]);
  });

  test('leave room for twice the examples in one document', async () => {
    const text = await readFile('examples/examples.graphql', 'utf8');
    expect(() => parse(text, { maxTokens: bounds.tokens / 2 })).not.toThrow();
    expect(Buffer.byteLength(text)).toBeLessThan(bounds.documentBytes / 2);
  });

  test('leave room for a bulk create that sets every field and fills every list', () => {
    const creates = 100 * fieldsOf(schema.getType('CreateCustomerInput'));
    expect(4 + creates).toBe(37_304);
    expect(4 + creates).toBeLessThan(bounds.inputFields);
  });

  test('hold each operation of a document, though only one of them runs', () => {
    const operations = examples.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
    expect(operations.length).toBeGreaterThan(1);
    const errors = validate(schema, examples, [boundsRule({ ...bounds, cost: 94_216 })]);
    expect(errors.map(({ extensions }) => extensions)).toMatchObject([{ bound: 'cost', found: 94_217 }]);
  });
});

test('every list of an answer says how many items it may get, or its cost could not be known', () => {
  const silent = types()
    .filter((type) => isObjectType(type))
    .flatMap((type) => Object.values(type.getFields()).map((field) => ({ type, field })))
    .filter(({ field }) => isListType(getNullableType(field.type)))
    .filter(({ field }) => typeof field.extensions['maxItems'] !== 'number')
    .map(({ type, field }) => `${type.name}.${field.name}`);
  expect(silent).toEqual([]);
});
