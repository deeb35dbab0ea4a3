import { type Decision, type Limiter } from './limiter.js';

/** When one client's counted calls were, the oldest first; those before `head` have left the window. */
interface Calls {
  times: number[];
  head: number;
}

/** Old times are cut off a client's list once this many have gathered. */
const COMPACT_AT = 256;

/**
 * Counts the calls of one process, in memory. Clients that have gone quiet are forgotten.
 */
export class SlidingWindow implements Limiter {
  readonly #clients = new Map<string, Calls>();
  #sweptAt: number;

  /** @param now - a clock in ms that never goes back. */
  constructor(
    readonly limit: number,
    readonly windowMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#sweptAt = now();
  }

  /** Clients that are remembered. */
  get size(): number {
    return this.#clients.size;
  }

  /** Counts a call of `client` if there is room for it. */
  take(client: string): Decision {
    const now = this.now();
    this.#sweep(now);
    let calls = this.#clients.get(client);
    if (!calls) {
      calls = { times: [], head: 0 };
      this.#clients.set(client, calls);
    }
    this.#expire(calls, now);

    const counted = calls.times.length - calls.head;
    const allowed = counted < this.limit;
    if (allowed) calls.times.push(now);
    const oldest = calls.times[calls.head] ?? now;
    return {
      allowed,
      limit: this.limit,
      remaining: allowed ? this.limit - counted - 1 : 0,
      // In this order a fraction of a ms cannot round it up past the window.
      resetMs: this.windowMs - (now - oldest),
    };
  }

  #expire(calls: Calls, now: number): void {
    while (calls.head < calls.times.length && now - (calls.times[calls.head] ?? now) >= this.windowMs) {
      calls.head += 1;
    }
    // Each time is moved less than once for each one that left, so a call stays O(1) on average.
    if (calls.head >= COMPACT_AT && calls.head * 2 >= calls.times.length) {
      calls.times = calls.times.slice(calls.head);
      calls.head = 0;
    }
  }

  #sweep(now: number): void {
    if (now - this.#sweptAt < this.windowMs) return;
    this.#sweptAt = now;
    for (const [client, calls] of this.#clients) {
      if (now - (calls.times.at(-1) ?? -Infinity) >= this.windowMs) this.#clients.delete(client);
    }
  }
}
