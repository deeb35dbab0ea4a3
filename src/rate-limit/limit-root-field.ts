import { getNamedType, isUnionType } from 'graphql';
import { type MiddlewareFn } from 'type-graphql';
import { type GatewayContext } from '../graphql/context.js';
import { rateLimitError } from './rate-limit-error.js';
import { RateLimited } from './rate-limited.type.js';

/**
 * Counts a root field against its client's limit before it runs. Over the limit, a field whose union has `RateLimited`
 * answers with that; any other gives an error with the same code and details.
 */
export const limitRootField: MiddlewareFn<GatewayContext> = async ({ args, context, info }, next) => {
  const decision = await context.limit.takeForField(args, info);
  if (decision.allowed) return next();

  const type = getNamedType(info.returnType);
  const hasMember = isUnionType(type) && type.getTypes().some(({ name }) => name === RateLimited.name);
  if (hasMember) return new RateLimited(decision);
  throw rateLimitError(decision);
};
