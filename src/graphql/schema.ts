import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchema } from 'type-graphql';
import { CreateResolver } from '../customers/create/create.resolver.js';
import { DeleteResolver } from '../customers/delete/delete.resolver.js';
import { FindResolver } from '../customers/find/find.resolver.js';
import { ListResolver } from '../customers/list/list.resolver.js';
import { UpdateResolver } from '../customers/update/update.resolver.js';
import { UpsertResolver } from '../customers/upsert/upsert.resolver.js';
import { recordRootFields } from '../observability/record-operations.js';

/** Builds the schema from the decorated classes. Input rules are the resolvers' business (`validate: false`). */
export async function buildGatewaySchema(): Promise<GraphQLSchema> {
  const schema = await buildSchema({
    resolvers: [FindResolver, ListResolver, CreateResolver, UpdateResolver, UpsertResolver, DeleteResolver],
    validate: false,
  });
  return recordRootFields(schema);
}

/** The text of `schema.graphql`: sorted, so that a change of the contract is a small difference. */
export function printGatewaySchema(schema: GraphQLSchema): string {
  return [
    '# The contract of the gateway. Written by `npm run schema`; do not edit.',
    '',
    printSchema(lexicographicSortSchema(schema)),
    '',
  ].join('\n');
}
