/** The array is compacted once it has this many empty places at its start. */
const COMPACT_AT = 256;

/** A first-in, first-out queue with O(1) operations on average. `Array.shift` moves all remaining items each time. */
export class Queue<Item> {
  #items: (Item | undefined)[] = [];
  /** Index of the first item. */
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  /** The oldest item. */
  get first(): Item | undefined {
    return this.#items[this.#head];
  }

  /** The newest item. */
  get last(): Item | undefined {
    return this.length > 0 ? this.#items.at(-1) : undefined;
  }

  push(item: Item): void {
    this.#items.push(item);
  }

  /** Removes the oldest item, and keeps no reference to it. */
  shift(): void {
    if (this.length === 0) return;
    this.#items[this.#head] = undefined;
    this.#head += 1;
    // On average each removed item causes less than one move.
    if (this.#head >= COMPACT_AT && this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
  }
}
