import { Queue } from '../concurrency/queue.js';

/**
 * Stores signatures in memory for a fixed time. They expire in insertion order, so a queue beside the set has the next one to
 * remove. Iterating over a `Map` instead would step over its deleted entries each time.
 */
export class ReplayCache {
  readonly #seen = new Set<string>();
  readonly #queue = new Queue<string>();
  /** Expiry time of each signature in the queue. */
  readonly #until = new Queue<number>();

  /** @param now - a monotonic clock, in ms. */
  constructor(
    private readonly keepMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Number of stored signatures. */
  get size(): number {
    return this.#seen.size;
  }

  /** Stores a signature. @returns whether it is new. */
  claim(signature: string): boolean {
    const now = this.now();
    this.#forget(now);
    if (this.#seen.has(signature)) return false;
    this.#seen.add(signature);
    this.#queue.push(signature);
    this.#until.push(now + this.keepMs);
    return true;
  }

  #forget(now: number): void {
    while ((this.#until.first ?? Infinity) <= now) {
      this.#seen.delete(this.#queue.first ?? '');
      this.#queue.shift();
      this.#until.shift();
    }
  }
}
