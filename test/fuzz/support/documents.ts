import fc from 'fast-check';
import {
  getNamedType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { type Values } from './values.js';

/** A request for the GraphQL route. */
export interface Operation {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

type Root = readonly [operation: 'query' | 'mutation', field: GraphQLField<unknown, unknown>];

const rootsOf = (schema: GraphQLSchema): Root[] => [
  ...Object.values(schema.getQueryType()?.getFields() ?? {}).map((field): Root => ['query', field]),
  ...Object.values(schema.getMutationType()?.getFields() ?? {}).map((field): Root => ['mutation', field]),
];

/** An operation that is valid by the schema, with one to three root fields and hostile values in its variables. */
export function validOperations(schema: GraphQLSchema, values: Values): fc.Arbitrary<Operation> {
  const roots = rootsOf(schema);
  return fc.constantFrom<('query' | 'mutation')[]>('query', 'mutation').chain((kind) =>
    fc
      .array(
        fc
          .constantFrom(...roots.filter(([operation]) => operation === kind))
          .chain((root) => called(root, values)),
        {
          minLength: 1,
          maxLength: 3,
        },
      )
      .map((calls) => joined(kind, calls)),
  );
}

interface Call {
  readonly field: GraphQLField<unknown, unknown>;
  readonly values: Record<string, unknown>;
  readonly selection: string;
}

const called = ([, field]: Root, values: Values): fc.Arbitrary<Call> => {
  const model = Object.fromEntries(field.args.map((arg) => [arg.name, values.for(arg.type)]));
  return fc.record({
    field: fc.constant(field),
    values: fc.record(model, {
      requiredKeys: field.args.filter(({ type }) => isNonNullType(type)).map(({ name }) => name),
    }),
    selection: selectionOf(field.type),
  });
};

function joined(kind: string, calls: readonly Call[]): Operation {
  const variables: Record<string, unknown> = {};
  const definitions: string[] = [];
  const fields = calls.map(({ field, values, selection }, call) => {
    const args = field.args.map((arg) => {
      const name = `${arg.name}${call}`;
      definitions.push(`$${name}: ${String(arg.type)}`);
      if (arg.name in values) variables[name] = values[arg.name];
      return `${arg.name}: $${name}`;
    });
    return `call${call}: ${field.name}${inParentheses(args)} ${selection}`;
  });
  return { query: `${kind} ${inParentheses(definitions)} { ${fields.join(' ')} }`, variables };
}

/** A list of arguments or variables, which must not be empty. */
const inParentheses = (parts: readonly string[]) => (parts.length > 0 ? `(${parts.join(', ')})` : '');

/** Any selection of a type. Of a type within itself only its name. */
function selectionOf(
  type: GraphQLOutputType,
  around: readonly GraphQLNamedType[] = [],
): fc.Arbitrary<string> {
  const named = getNamedType(type);
  const inside = [...around, named];
  if (isUnionType(named)) {
    const members = named
      .getTypes()
      .map((member) => selectionOf(member, inside).map((selection) => `... on ${member.name} ${selection}`));
    return fc.tuple(...members).map((parts) => `{ __typename ${parts.join(' ')} }`);
  }
  if (!isObjectType(named)) return fc.constant('');
  if (around.includes(named)) return fc.constant('{ __typename }');
  const fields = Object.values(named.getFields()).map((field) =>
    fc
      .tuple(selectionOf(field.type, inside), fc.boolean())
      .map(([selection, wanted]) => (wanted ? `${field.name} ${selection}` : '')),
  );
  return fc.tuple(...fields).map((parts) => `{ __typename ${parts.join(' ')} }`);
}

/** Names of the schema and signs of the language in any order, most of it no document. */
export function tokenSoup(schema: GraphQLSchema): fc.Arbitrary<string> {
  const types = Object.values(schema.getTypeMap());
  const names = types.flatMap((type) => {
    if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) {
      return [type.name, ...Object.keys(type.getFields())];
    }
    return isEnumType(type) ? [type.name, ...type.getValues().map(({ name }) => name)] : [type.name];
  });
  const signs = [
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    '!',
    '$',
    ':',
    '=',
    '|',
    '&',
    '@',
    '...',
    '"""',
    '"',
    '#',
    ',',
    '\n',
  ];
  const words = [
    'query',
    'mutation',
    'subscription',
    'fragment',
    'on',
    'true',
    'null',
    '-1',
    '1e9',
    '$input',
    '@skip',
    '@include',
    '__typename',
    '__schema',
  ];
  return fc
    .array(fc.oneof(fc.constantFrom(...signs), fc.constantFrom(...words), fc.constantFrom(...names)), {
      maxLength: 60,
    })
    .map((tokens) => tokens.join(' '));
}

/** A document with some of its characters gone, doubled or in the place of others. */
export const damaged = (document: string): fc.Arbitrary<string> =>
  fc
    .array(
      fc.tuple(
        fc.nat(document.length),
        fc.nat(12),
        fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom('{', '}', '"', '...', '$', '')),
      ),
      {
        minLength: 1,
        maxLength: 4,
      },
    )
    .map((edits) =>
      edits.reduce((text, [at, length, put]) => text.slice(0, at) + put + text.slice(at + length), document),
    );
