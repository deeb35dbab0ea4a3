import { type GraphQLSchema, isInterfaceType } from 'graphql';

/** Has the `id` of every `Node` return its `uuid`, which is the name of most IDs. */
export function resolveIds(schema: GraphQLSchema): GraphQLSchema {
  const node = schema.getType('Node');
  if (!isInterfaceType(node)) throw new Error('The schema has no interface Node');
  for (const type of schema.getPossibleTypes(node)) {
    const { id, uuid } = type.getFields();
    if (!id || !uuid) continue;
    id.resolve = ({ uuid: value }: { readonly uuid: string }) => value;
    id.description = "The object's ID: the same as `uuid`.";
  }
  return schema;
}
