/** What is forgotten is cut off the queue once this much has gathered. */
const COMPACT_AT = 1_024;

/**
 * Remembers signatures for a time, in memory. They leave in the order in which they came, so a queue beside the set tells
 * which to forget; to walk a `Map` from its start does not, for what was deleted there is walked over each time.
 */
export class SeenSignatures {
  readonly #seen = new Set<string>();
  #queue: string[] = [];
  /** When each in the queue may be forgotten. */
  #until: number[] = [];
  /** What stands before it in the queue is forgotten. */
  #head = 0;

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
    while (this.#head < this.#queue.length && (this.#until[this.#head] ?? now) <= now) {
      this.#seen.delete(this.#queue[this.#head] ?? '');
      this.#head += 1;
    }
    // Each is moved less than once for each that left, so a claim stays O(1) on average.
    if (this.#head >= COMPACT_AT && this.#head * 2 >= this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head);
      this.#until = this.#until.slice(this.#head);
      this.#head = 0;
    }
  }
}
