import { type Decision, type Limiter } from './limiter.js';
import { RequestLimit } from './request-limit.js';
import { SlidingWindow } from './sliding-window.js';

/**
 * The rate limits of all clients. Every request with a valid signature takes one call. Requests over the limit are rejected
 * in two steps: up to `limit` refused requests per window are parsed, so that a mutation returns `RateLimited`. After that
 * the client's requests are refused with 429 before their bodies are read, until it has a call again.
 */
export class ClientLimits {
  readonly #refusals: SlidingWindow;
  /** By client ID: the time by `now` until which requests are refused unread. */
  readonly #turnedAway = new Map<string, number>();

  /** @param now - a monotonic clock, in ms. */
  constructor(
    private readonly limiter: Limiter,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#refusals = new SlidingWindow(limiter.limit, limiter.windowMs, now);
  }

  /** Takes the call of a request. Verify its signature first, or others could use up the client's calls. */
  async begin(clientId: string): Promise<RequestLimit> {
    const decision = await this.limiter.take(clientId);
    if (decision.allowed) this.#turnedAway.delete(clientId);
    else if (!this.#refusals.take(clientId).allowed) {
      this.#turnedAway.set(clientId, this.now() + decision.resetMs);
    }
    return new RequestLimit(this.limiter, clientId, decision);
  }

  /** The refusal if the client's requests are currently refused unread. */
  refusalOf(clientId: string): Decision | undefined {
    const until = this.#turnedAway.get(clientId);
    if (until === undefined) return undefined;
    const resetMs = until - this.now();
    if (resetMs > 0) return { allowed: false, limit: this.limiter.limit, remaining: 0, resetMs };
    this.#turnedAway.delete(clientId);
    return undefined;
  }
}
