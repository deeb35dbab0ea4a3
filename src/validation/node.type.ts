import { Field, ID, InterfaceType } from 'type-graphql';

/**
 * An object that a client can read again by its ID, as the GraphQL Global Object Identification specification defines it:
 * https://graphql.org/learn/global-object-identification/. Client caches merge objects by it.
 */
@InterfaceType('Node', {
  description:
    'An object with an ID that no other object has, as defined by the GraphQL Global Object Identification specification.',
  resolveType: ({ __typename }: { readonly __typename: string }) => __typename,
})
export abstract class NodeType {
  @Field(() => ID, { description: "The object's ID, a UUID." })
  readonly id!: string;
}
