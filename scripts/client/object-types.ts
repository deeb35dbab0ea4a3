import {
  getNamedType,
  getNullableType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  isListType,
  isObjectType,
} from 'graphql';

/** Whether objects of the type have an `id`, by which a client's cache identifies them. */
export function isEntity(type: GraphQLObjectType): boolean {
  return type.getInterfaces().some(({ name }) => name === 'Node');
}

/** Whether the type is a page of a list, as defined by the Relay Cursor Connections specification. */
export const isConnection = ({ name }: { readonly name: string }): boolean => name.endsWith('Connection');

export const isListField = ({ type }: GraphQLField<unknown, unknown>): boolean =>
  isListType(getNullableType(type));

/** The object types of the schema without those of introspection, sorted by name. */
export function objectTypes(schema: GraphQLSchema): GraphQLObjectType[] {
  return Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !name.startsWith('__'))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/** The object types without `id`. A client's cache stores their objects in the object that has them. */
export function embeddedTypes(schema: GraphQLSchema): GraphQLObjectType[] {
  const roots = new Set([schema.getQueryType(), schema.getMutationType()]);
  return objectTypes(schema).filter((type) => !roots.has(type) && !isEntity(type));
}

/** The object type of a field, without lists; undefined if it has another kind of type. */
export function objectTypeOf({ type }: GraphQLField<unknown, unknown>): GraphQLObjectType | undefined {
  const named = getNamedType(type);
  return isObjectType(named) ? named : undefined;
}
