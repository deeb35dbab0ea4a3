/**
 * Remembers signatures for a time, in memory. They leave in the order in which they came, so to forget what is old costs
 * no search.
 */
export class SeenSignatures {
  /** When each may be forgotten. */
  readonly #seen = new Map<string, number>();

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
    for (const [old, until] of this.#seen) {
      if (until > now) break;
      this.#seen.delete(old);
    }
    if (this.#seen.has(signature)) return false;
    this.#seen.set(signature, now + this.keepMs);
    return true;
  }
}
