/** What has left is cut off once this much has gathered. */
const COMPACT_AT = 256;

/** First in, first out, each step O(1) on average: `Array.shift` moves all that stay, each time. */
export class Queue<Item> {
  #items: (Item | undefined)[] = [];
  /** What stands before it has left. */
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  /** The one that came first of those that are there. */
  get first(): Item | undefined {
    return this.#items[this.#head];
  }

  /** The one that came last of those that are there. */
  get last(): Item | undefined {
    return this.length > 0 ? this.#items.at(-1) : undefined;
  }

  push(item: Item): void {
    this.#items.push(item);
  }

  /** Lets the first one leave. What it refers to is not kept. */
  shift(): void {
    if (this.length === 0) return;
    this.#items[this.#head] = undefined;
    this.#head += 1;
    // Each is moved less than once for each that left.
    if (this.#head >= COMPACT_AT && this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
  }
}
