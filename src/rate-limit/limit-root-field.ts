import { getNamedType, GraphQLError, isUnionType } from 'graphql';
import { type MiddlewareFn } from 'type-graphql';
import { type GatewayContext } from '../graphql/context.js';
import { RateLimited } from './rate-limited.type.js';

/**
 * Counts a root field against its client's limit before it runs. Over the limit, a field whose union has `RateLimited`
 * answers with that; any other gives an error with the same code and details.
 */
export const limitRootField: MiddlewareFn<GatewayContext> = async ({ args, context, info }, next) => {
  const decision = await context.limit.takeForField(args, info);
  if (decision.allowed) return next();

  const refusal = new RateLimited(decision);
  const type = getNamedType(info.returnType);
  if (isUnionType(type) && type.getTypes().some((member) => member.name === RateLimited.name)) return refusal;
  const { code, details } = refusal;
  throw new GraphQLError(refusal.message, { extensions: { code, details } });
};
