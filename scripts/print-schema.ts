import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';

/** The text of `schema.graphql`: sorted, so that a change of the schema is a small difference. */
export function printGatewaySchema(schema: GraphQLSchema): string {
  return [
    '# The contract of the gateway. Written by `npm run schema`; do not edit.',
    '',
    printSchema(lexicographicSortSchema(schema)),
    '',
  ].join('\n');
}
