import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { GraphQLUUID } from 'graphql-scalars';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * A UUID of any version, with or without braces around it. The scalar of graphql-scalars also accepts a single brace, which
 * PostgreSQL rejects.
 */
export const UuidScalar = new GraphQLScalarType<string, string>({
  ...GraphQLUUID.toConfig(),
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc9562#section-4',
  // Those of responses are from PostgreSQL or were parsed here, and need no check.
  serialize: String,
  parseValue: parseUuid,
  parseLiteral: (node) => {
    if (node.kind !== Kind.STRING) throw new GraphQLError('The value is not a UUID.', { nodes: node });
    return parseUuid(node.value);
  },
});

/** @returns the UUID in lower case, without braces. */
function parseUuid(value: unknown): string {
  const text = typeof value === 'string' ? (/^\{([^{}]*)\}$/.exec(value)?.[1] ?? value) : '';
  if (!UUID.test(text)) throw new GraphQLError('The value is not a UUID.');
  return text.toLowerCase();
}
