import { type MiddlewareFn } from 'type-graphql';
import { type GatewayContext } from '../graphql/context.js';
import { unauthenticated } from './refusal.js';

/**
 * Runs a mutation only for a request whose signature was not used before. It comes before the limit: a mutation that was
 * answered `RateLimited` cannot be sent again later by whoever recorded it. In a window a client makes us remember as many
 * signatures as it may run root fields, and as many refused ones again.
 */
export const acceptOnce: MiddlewareFn<GatewayContext> = async ({ context }, next) => {
  if (!(await context.signature.claim())) throw unauthenticated({ reason: 'SIGNATURE_REPLAYED' });
  return next();
};
