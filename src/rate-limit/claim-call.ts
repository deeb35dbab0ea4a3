import { type GraphQLResolveInfo } from 'graphql';
import { getGraphQLRateLimiter, Store } from 'graphql-rate-limit';
import { type Decision, type Limiter } from './limiter.js';

/**
 * A store for one call of graphql-rate-limit's limiter. The limiter reads the earlier calls, compares, and writes them back
 * with the new one, which is not atomic. Here the read counts the call atomically. It returns no earlier call if the call is
 * allowed, and one if it is not, to a limiter that allows one call. The write does nothing.
 */
class Claim extends Store {
  decision: Decision | undefined;

  constructor(private readonly limiter: Limiter) {
    super();
  }

  override async getForIdentity({ contextIdentity }: { contextIdentity: string }): Promise<number[]> {
    this.decision = await this.limiter.take(contextIdentity);
    return this.decision.allowed ? [] : [Infinity];
  }

  override setForIdentity(): void {}
}

/** Takes one call of a client for a root field. */
export async function claimCall(
  limiter: Limiter,
  clientId: string,
  args: Record<string, unknown>,
  info: GraphQLResolveInfo,
): Promise<Decision> {
  const claim = new Claim(limiter);
  const check = getGraphQLRateLimiter({ identifyContext: () => clientId, store: claim });
  const message = await check(
    { parent: undefined, args, context: undefined, info },
    { max: 1, window: `${limiter.windowMs}ms` },
  );
  if (!claim.decision) throw new Error('The limiter did not ask its store');
  return { ...claim.decision, allowed: message === undefined };
}
