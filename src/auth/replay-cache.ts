import { Queue } from '../concurrency/queue.js';

/**
 * Remembers signatures for a time, in memory. They leave in the order in which they came, so a queue beside the set tells
 * which to forget; to walk a `Map` from its start does not, for what was deleted there is walked over each time.
 */
export class ReplayCache {
  readonly #seen = new Set<string>();
  readonly #queue = new Queue<string>();
  /** When each in the queue may be forgotten. */
  readonly #until = new Queue<number>();

  /** @param now - a clock in ms that never goes back. */
  constructor(
    private readonly keepMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Signatures that are remembered. */
  get size(): number {
    return this.#seen.size;
  }

  /** Whether this signature comes for the first time; from now on it does not. */
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
