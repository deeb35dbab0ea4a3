import { Queue } from './queue.js';

/** Called once a place may be taken, with a function that gives it back. */
type Entered = (leave: () => void) => void;

interface Share {
  /** Places in use. */
  used: number;
  readonly waiting: Queue<Entered>;
}

/**
 * Bounds how many places each client uses at once, such as connections of a pool, so that one client leaves places to all
 * others. Its further work waits in order.
 */
export class ClientShares {
  /** By client ID. Only clients that use a place have an entry. */
  readonly #shares = new Map<string, Share>();
  #waiting = 0;

  /**
   * @param max - places per client.
   * @param maxWaiting - work that may wait per client.
   */
  constructor(
    private readonly max: number,
    private readonly maxWaiting: number,
  ) {}

  /** Work of all clients that waits. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Calls `entered` at once if the client has a place left, or when it has one again.
   *
   * @returns false if too much of its work waits already.
   */
  enter(clientId: string, entered: Entered): boolean {
    const share = this.#shares.get(clientId) ?? { used: 0, waiting: new Queue<Entered>() };
    if (share.used >= this.max) {
      if (share.waiting.length >= this.maxWaiting) return false;
      share.waiting.push(entered);
      this.#waiting += 1;
      return true;
    }
    this.#shares.set(clientId, share);
    share.used += 1;
    entered(this.#leaveOnce(clientId, share));
    return true;
  }

  #leaveOnce(clientId: string, share: Share): () => void {
    let hasLeft = false;
    return () => {
      if (hasLeft) return;
      hasLeft = true;
      const next = share.waiting.first;
      if (next) {
        share.waiting.shift();
        this.#waiting -= 1;
        next(this.#leaveOnce(clientId, share));
        return;
      }
      share.used -= 1;
      if (share.used === 0) this.#shares.delete(clientId);
    };
  }
}
