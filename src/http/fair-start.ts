import { Queue } from '../queue.js';

/** How long requests may keep the main thread before those of other clients, and everything else, get a turn, in ms. */
const SLICE_MS = 5;

/**
 * Starts the work of requests in turns: once a slice of time is used up, one request per turn of the event loop, of each client
 * in order. A client that sends many expensive requests at once then delays those of others by one of its own, not by all.
 * While the gateway keeps up, a request starts at once.
 */
export class FairStart {
  /** Requests that wait, by client ID, in the order of the clients' turns. */
  readonly #waiting = new Map<string, Queue<() => void>>();
  /** When the work of the current turn of the event loop began. */
  #sliceBegan: number | undefined;

  /** Resolves when the request may start. */
  async turnOf(clientId: string): Promise<void> {
    if (this.#waiting.size === 0 && this.#hasTime()) return undefined;
    return new Promise((resolve) => {
      const queue = this.#waiting.get(clientId) ?? new Queue();
      queue.push(resolve);
      this.#waiting.set(clientId, queue);
    });
  }

  #hasTime(): boolean {
    if (this.#sliceBegan !== undefined) return performance.now() - this.#sliceBegan < SLICE_MS;
    this.#sliceBegan = performance.now();
    setImmediate(this.#nextTurn);
    return true;
  }

  readonly #nextTurn = (): void => {
    const [first] = this.#waiting;
    if (!first) {
      this.#sliceBegan = undefined;
      return;
    }
    const [clientId, queue] = first;
    const start = queue.first;
    queue.shift();
    // Behind the other clients.
    this.#waiting.delete(clientId);
    if (queue.length > 0) this.#waiting.set(clientId, queue);
    setImmediate(this.#nextTurn);
    start?.();
  };
}
