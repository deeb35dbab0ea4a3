import { AsyncLocalStorage } from 'node:async_hooks';
import { Queue } from '../queue.js';

const currentClient = new AsyncLocalStorage<string>();

/** Runs `run` so that the statements it causes count against the share of this client. */
export function onBehalfOf<Result>(clientId: string, run: () => Result): Result {
  return currentClient.run(clientId, run);
}

/** The client on whose behalf the current code runs; undefined for work of the gateway itself. */
export const clientOfStatement = (): string | undefined => currentClient.getStore();

/** Called once a connection may be taken, with a function that gives the place back. */
type Entered = (leave: () => void) => void;

interface Share {
  /** Connections in use. */
  used: number;
  readonly waiting: Queue<Entered>;
}

/**
 * Bounds how many connections of a pool each client uses at once, so that the slow statements of one client leave
 * connections to all others. Further statements of the client wait in order.
 */
export class ClientShares {
  /** By client ID. Only clients that use a connection have an entry. */
  readonly #shares = new Map<string, Share>();
  #waiting = 0;

  /**
   * @param max - connections per client.
   * @param maxWaiting - statements that may wait per client.
   */
  constructor(
    private readonly max: number,
    private readonly maxWaiting: number,
  ) {}

  /** Statements of all clients that wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Calls `entered` at once if the client has a connection left, or when it has one again.
   *
   * @returns false if too many of its statements wait already.
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
