import { type EntityManager } from '@mikro-orm/postgresql';
import { GraphQLError } from 'graphql';
import { getGraphQLRateLimiter } from 'graphql-rate-limit';
import { type MiddlewareFn } from 'type-graphql';

/** What resolvers get of a request. */
export interface StockContext {
  readonly em: EntityManager;
  readonly clientId: string;
  readonly teamId: string;
}

const limiter = getGraphQLRateLimiter({ identifyContext: ({ clientId }: StockContext) => clientId });

/**
 * For every call, the limiter copies the times of all calls in its window. The window is so short that there are about as many as
 * with a limit of 100 a minute, which a client of the bench would exceed at once.
 */
const limit = { max: Number(process.env['BENCH_RATE_LIMIT']), window: '100ms' };

/** Counts a root field against its client's limit. */
export const rateLimit: MiddlewareFn<StockContext> = async ({ root, args, context, info }, next) => {
  const message = await limiter({ parent: root, args, context, info }, limit);
  if (message !== undefined) {
    throw new GraphQLError(message, { extensions: { code: 'RATE_LIMIT_EXCEEDED' } });
  }
  return next();
};
