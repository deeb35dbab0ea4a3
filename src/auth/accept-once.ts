import { type MiddlewareFn } from 'type-graphql';
import { type GatewayContext } from '../graphql/context.js';
import { unauthenticated } from './refusal.js';

/**
 * Runs a mutation only for a request whose signature was not used before. It comes after the limit: what the limit refuses
 * is not remembered, so a client makes us remember no more signatures than it may run mutations.
 */
export const acceptOnce: MiddlewareFn<GatewayContext> = async ({ context }, next) => {
  if (!(await context.signature.claim())) throw unauthenticated({ reason: 'SIGNATURE_REPLAYED' });
  return next();
};
