import { Queue } from './queue.js';

/** A queue that serves clients in turns: of each client one item, in order, then of the next. Every operation takes O(1). */
export class FairQueue<Item> {
  /** By client ID, in the order of their turns. Only clients with items have an entry. */
  readonly #clients = new Map<string, Queue<Item>>();
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The next item. */
  get first(): Item | undefined {
    const [queue] = this.#clients.values();
    return queue?.first;
  }

  /** Items of one client. */
  lengthOf(clientId: string): number {
    return this.#clients.get(clientId)?.length ?? 0;
  }

  push(clientId: string, item: Item): void {
    let queue = this.#clients.get(clientId);
    if (!queue) {
      queue = new Queue();
      this.#clients.set(clientId, queue);
    }
    queue.push(item);
    this.#length += 1;
  }

  /** Removes the next item; its client's next turn comes after all others. */
  shift(): void {
    const [entry] = this.#clients;
    if (!entry) return;
    const [clientId, queue] = entry;
    queue.shift();
    this.#length -= 1;
    this.#clients.delete(clientId);
    if (queue.length > 0) this.#clients.set(clientId, queue);
  }
}
