import { Queue } from '../concurrency/queue.js';
import { type Decision, type Limiter } from './limiter.js';

/**
 * Counts the calls of one process, in memory. Inactive clients are removed.
 */
export class SlidingWindow implements Limiter {
  /** Times of each client's counted calls. */
  readonly #clients = new Map<string, Queue<number>>();
  #sweptAt: number;

  /** @param now - a monotonic clock, in ms. */
  constructor(
    readonly limit: number,
    readonly windowMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#sweptAt = now();
  }

  /** Number of clients in memory. */
  get size(): number {
    return this.#clients.size;
  }

  /** Counts a call of `client` if it is within the limit. */
  take(client: string): Decision {
    const now = this.now();
    this.#sweep(now);
    let calls = this.#clients.get(client);
    if (!calls) {
      calls = new Queue();
      this.#clients.set(client, calls);
    }
    while (now - (calls.first ?? Infinity) >= this.windowMs) calls.shift();

    const counted = calls.length;
    const allowed = counted < this.limit;
    if (allowed) calls.push(now);
    const oldest = calls.first ?? now;
    return {
      allowed,
      limit: this.limit,
      remaining: allowed ? this.limit - counted - 1 : 0,
      // In this order a fraction of a ms cannot round it up past the window.
      resetMs: this.windowMs - (now - oldest),
    };
  }

  #sweep(now: number): void {
    if (now - this.#sweptAt < this.windowMs) return;
    this.#sweptAt = now;
    for (const [client, calls] of this.#clients) {
      if (now - (calls.last ?? -Infinity) >= this.windowMs) this.#clients.delete(client);
    }
  }
}
