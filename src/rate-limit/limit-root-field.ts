import { getNamedType, type GraphQLResolveInfo, isUnionType } from 'graphql';
import { type RateLimitContext } from './rate-limit-context.js';
import { rateLimitError } from './rate-limit-error.js';
import { RateLimited } from './rate-limited.type.js';

/**
 * Counts a root field against its client's limit.
 *
 * @returns the result of the field if it is over the limit and its union has `RateLimited`.
 * @throws {GraphQLError} the same code and details for any other field over the limit.
 */
export async function limitRootField(
  { limit }: RateLimitContext,
  args: Record<string, unknown>,
  info: GraphQLResolveInfo,
): Promise<RateLimited | undefined> {
  const decision = await limit.takeForField(args, info);
  if (decision.allowed) return undefined;

  const type = getNamedType(info.returnType);
  const hasMember = isUnionType(type) && type.getTypes().some(({ name }) => name === RateLimited.name);
  if (hasMember) return new RateLimited(decision);
  throw rateLimitError(decision);
}
