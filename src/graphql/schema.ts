import { type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { buildSchema } from 'type-graphql';
import { CreateResolver } from '../customers/create/create.resolver.js';
import { DeleteResolver } from '../customers/delete/delete.resolver.js';
import { EraseResolver } from '../customers/erase/erase.resolver.js';
import { EventsResolver } from '../customers/events/events.resolver.js';
import { FindResolver } from '../customers/find/find.resolver.js';
import { ListResolver } from '../customers/list/list.resolver.js';
import { UpdateResolver } from '../customers/update/update.resolver.js';
import { UpsertResolver } from '../customers/upsert/upsert.resolver.js';
import { DeliveriesResolver } from '../webhooks/deliveries/deliveries.resolver.js';
import { EndpointsResolver } from '../webhooks/endpoints/endpoints.resolver.js';
import { guardRootFields } from './guard-root-fields.js';
import { NodeResolver } from './nodes/node.resolver.js';
import { resolveIds } from './nodes/resolve-ids.js';

/** Builds the schema from the decorated classes. Resolvers check their input (`validate: false`). */
export async function buildGatewaySchema(): Promise<GraphQLSchema> {
  const schema = await buildSchema({
    resolvers: [
      FindResolver,
      ListResolver,
      CreateResolver,
      UpdateResolver,
      UpsertResolver,
      DeleteResolver,
      EraseResolver,
      EventsResolver,
      EndpointsResolver,
      DeliveriesResolver,
      NodeResolver,
    ],
    validate: false,
  });
  describe(
    schema.getQueryType(),
    "Reads the team's customers, events and webhook endpoints. Each field counts against the rate limit.",
  );
  describe(
    schema.getMutationType(),
    'Writes customers and webhook endpoints. Each field counts against the rate limit and returns a union of its possible results.',
  );
  return guardRootFields(resolveIds(schema));
}

/** type-graphql makes the root types, without a description. */
function describe(root: GraphQLObjectType | null | undefined, description: string): void {
  if (root) root.description = description;
}
