import { Arg, Ctx, Extensions, ID, Query, Resolver } from 'type-graphql';
import { RequiresScopeOfObject } from '../../auth/requires-scope.js';
import { inTurns } from '../../concurrency/in-turns.js';
import { badUserInput } from '../../validation/bad-user-input.js';
import { NodeType } from '../../validation/node.type.js';
import { type GatewayContext } from '../context.js';
import { checkIds, MAX_IDS } from './node-rules.js';
import { type FoundNode, readNodes } from './read-nodes.js';

/** Root fields that return objects of any type by their IDs. */
@Resolver()
export class NodeResolver {
  @RequiresScopeOfObject()
  @Query(() => NodeType, {
    nullable: true,
    description:
      'Returns the customer, contact, event or webhook endpoint with this ID, or `null`. Deleted customers and their contacts are not returned.',
  })
  async node(
    @Ctx() context: GatewayContext,
    @Arg('id', () => ID, { description: "The object's ID." }) id: string,
  ): Promise<FoundNode | null> {
    const [node] = await readNodes(context, [id]);
    return node ?? null;
  }

  @RequiresScopeOfObject()
  @Extensions({ maxItems: MAX_IDS })
  @Query(() => [NodeType], {
    nullable: 'items',
    description: `Returns the objects with these IDs, at most ${MAX_IDS}, in the same order, with \`null\` where \`node\` returns \`null\`.`,
  })
  async nodes(
    @Ctx() context: GatewayContext,
    @Arg('ids', () => [ID], { description: `IDs of objects, at most ${MAX_IDS}.` }) ids: readonly string[],
  ): Promise<Promise<FoundNode | null>[]> {
    const checked = checkIds(ids);
    if ('errors' in checked) throw badUserInput(checked.errors);
    return inTurns(await readNodes(context, checked.ids));
  }
}
