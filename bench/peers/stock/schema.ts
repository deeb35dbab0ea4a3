import { type GraphQLSchema } from 'graphql';
import { buildSchema } from 'type-graphql';
import { CustomerResolver } from './customer.resolver.ts';

export function stockSchema(): Promise<GraphQLSchema> {
  return buildSchema({ resolvers: [CustomerResolver] });
}
