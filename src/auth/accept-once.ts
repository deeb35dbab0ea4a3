import { type MiddlewareFn } from 'type-graphql';
import { type GatewayContext } from '../graphql/context.js';
import { unauthenticated } from './refusal.js';

/**
 * Runs a mutation only if its signature was not used before. Runs before the rate limit, so that a recorded mutation that
 * returned `RateLimited` cannot be replayed later. Per window, a client adds at most one signature for each allowed root
 * field and as many again for refused requests.
 */
export const acceptOnce: MiddlewareFn<GatewayContext> = async ({ context }, next) => {
  if (!(await context.signature.claim())) throw unauthenticated({ reason: 'SIGNATURE_REPLAYED' });
  return next();
};
