import { type GraphQLResolveInfo } from 'graphql';
import { type Decision, type Limiter } from './limiter.js';

const MS_PER_SECOND = 1_000;

/** The calls that one request takes from its client's limit, and the state of the limit for its response. */
export class RequestLimit {
  #tightest: Decision;
  #allowed = 0;
  #refused = 0;
  /** Whether the first root field has not yet used the call of the request. */
  #isUnused = true;

  /** @param first - the decision about the call that the request took when it began. */
  constructor(
    private readonly limiter: Limiter,
    private readonly clientId: string,
    private readonly first: Decision,
  ) {
    this.#tightest = first;
    this.#count(first);
  }

  /** Whether the client was over its limit when the request began. */
  get isRefused(): boolean {
    return !this.first.allowed;
  }

  /** The state of the limit for the response. */
  get tightest(): Decision {
    return this.#tightest;
  }

  /** Number of calls within the limit. */
  get allowed(): number {
    return this.#allowed;
  }

  /** Number of calls over the limit. */
  get refused(): number {
    return this.#refused;
  }

  /**
   * Takes one call for a root field. The first field uses the call of the request. If the request is rejected, no more calls
   * are taken.
   */
  async takeForField(args: Record<string, unknown>, info: GraphQLResolveInfo): Promise<Decision> {
    if (this.isRefused) return this.first;
    if (this.#isUnused) {
      this.#isUnused = false;
      return this.first;
    }
    // Loaded by the first request that has a second root field: with what it requires, graphql-rate-limit is some 280 files.
    const { claimCall } = await import('./claim-call.js');
    const decision = await claimCall(this.limiter, this.clientId, args, info);
    this.#count(decision);
    if (this.#tightest.allowed) this.#tightest = decision;
    return decision;
  }

  #count({ allowed }: Decision): void {
    if (allowed) this.#allowed += 1;
    else this.#refused += 1;
  }
}

/** Whole seconds until the next call is allowed, at least 1. */
export function secondsToReset(decision: Decision): number {
  return Math.max(1, Math.ceil(decision.resetMs / MS_PER_SECOND));
}

/**
 * The headers of draft-ietf-httpapi-ratelimit-headers-06 (seconds, not a date), and `Retry-After` if rejected
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
