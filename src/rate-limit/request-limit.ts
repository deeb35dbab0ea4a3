import { type GraphQLResolveInfo } from 'graphql';
import { getGraphQLRateLimiter, Store } from 'graphql-rate-limit';
import { type Decision, type Limiter } from './limiter.js';

const MS_PER_SECOND = 1_000;

/**
 * A store for one call of graphql-rate-limit's limiter. The limiter reads the earlier calls, compares, and writes
 * them back with the new one; between the two another request can slip in. So our read counts the call in the same
 * step and answers, to a limiter that allows one call, with no earlier one when there was room and with one when not.
 * The write does nothing.
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

/** A request's share of its client's limit: what it took, and what its answer must say of the rest. */
export class RequestLimit {
  #tightest: Decision;
  #allowed = 0;
  #refused = 0;
  /** Whether the call of the request is still to be used by its first root field. */
  #isUnused = true;

  /** @param first - of the call that the request took when it began. */
  constructor(
    private readonly limiter: Limiter,
    private readonly clientId: string,
    private readonly first: Decision,
  ) {
    this.#tightest = first;
    this.#count(first);
  }

  /** Whether there was no call left when the request began. */
  get isRefused(): boolean {
    return !this.first.allowed;
  }

  /** What the answer says of the rest. */
  get tightest(): Decision {
    return this.#tightest;
  }

  /** Calls that there was room for. */
  get allowed(): number {
    return this.#allowed;
  }

  /** Calls that there was no room for. */
  get refused(): number {
    return this.#refused;
  }

  /**
   * Takes one call for a root field; the first has that of the request. The limit is the client's: fields share it. Where
   * the request is refused no more calls are asked for.
   */
  async takeForField(args: Record<string, unknown>, info: GraphQLResolveInfo): Promise<Decision> {
    if (this.isRefused) return this.first;
    if (this.#isUnused) {
      this.#isUnused = false;
      return this.first;
    }
    const claim = new Claim(this.limiter);
    const check = getGraphQLRateLimiter({ identifyContext: () => this.clientId, store: claim });
    const message = await check(
      { parent: undefined, args, context: this, info },
      { max: 1, window: `${this.limiter.windowMs}ms` },
    );
    if (!claim.decision) throw new Error('The limiter did not ask its store');
    const decision = { ...claim.decision, allowed: message === undefined };
    this.#count(decision);
    if (this.#tightest.allowed) this.#tightest = decision;
    return decision;
  }

  #count({ allowed }: Decision): void {
    if (allowed) this.#allowed += 1;
    else this.#refused += 1;
  }
}

/** Whole seconds to wait, at least one: a client that waits so long is let in. */
export function secondsToReset(decision: Decision): number {
  return Math.max(1, Math.ceil(decision.resetMs / MS_PER_SECOND));
}

/**
 * The headers of draft-ietf-httpapi-ratelimit-headers-06 (seconds to go, not a date), and for a refusal `Retry-After`
 * (RFC 9110, 10.2.3).
 */
export function limitHeaders(decision: Decision): Record<string, string> {
  const seconds = String(secondsToReset(decision));
  return {
    'ratelimit-limit': String(decision.limit),
    'ratelimit-remaining': String(decision.remaining),
    'ratelimit-reset': seconds,
    ...(decision.allowed ? {} : { 'retry-after': seconds }),
  };
}
