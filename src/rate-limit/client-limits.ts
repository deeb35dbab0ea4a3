import { type Decision, type Limiter } from './limiter.js';
import { RequestLimit } from './request-limit.js';
import { SlidingWindow } from './sliding-window.js';

/**
 * What each client may still do. Every request of a proven client takes a call, whatever it is. One for which there is no
 * call left is refused in two steps: up to `limit` of them in a window are read, so that a mutation gets its `RateLimited`;
 * after that the client is turned away unread until it has a call again.
 */
export class ClientLimits {
  readonly #refusals: SlidingWindow;
  /** Who is turned away, and until when by `now`. */
  readonly #turnedAway = new Map<string, number>();

  /** @param now - a clock in ms that never goes back. */
  constructor(
    private readonly limiter: Limiter,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#refusals = new SlidingWindow(limiter.limit, limiter.windowMs, now);
  }

  /** Takes the call of a request. Its client must be proven: nobody may use up another's calls. */
  async begin(clientId: string): Promise<RequestLimit> {
    const decision = await this.limiter.take(clientId);
    if (decision.allowed) this.#turnedAway.delete(clientId);
    else if (!this.#refusals.take(clientId).allowed) this.#turnAway(clientId, decision.resetMs);
    return new RequestLimit(this.limiter, clientId, decision);
  }

  /** Why requests of a client are not read now; undefined when they are. */
  refusalOf(clientId: string): Decision | undefined {
    const until = this.#turnedAway.get(clientId);
    if (until === undefined) return undefined;
    const resetMs = until - this.now();
    if (resetMs > 0) return { allowed: false, limit: this.limiter.limit, remaining: 0, resetMs };
    this.#turnedAway.delete(clientId);
    return undefined;
  }

  #turnAway(clientId: string, forMs: number): void {
    this.#turnedAway.set(clientId, this.now() + forMs);
  }
}
