import { Unavailable } from '../errors/unavailable.js';
import { ClientShares } from './client-shares.js';
import { type FairStart } from './fair-start.js';

/** Work of one client that may wait for a turn. */
const MAX_WAITING = 100;

/** The turn of one request. */
export interface Turn {
  /**
   * Waits for the turn, which the request has until its end.
   *
   * @throws {Unavailable} when it does not come in time.
   */
  take(): Promise<void>;
  /** Ends the turn, if the request has it. */
  end(): void;
}

/** Bounds how many requests of each client do something expensive at once. While the client pauses, none begins. */
export class ClientTurns {
  readonly #shares: ClientShares;

  /**
   * @param max - requests per client.
   * @param waitMs - how long a request may wait for its turn, in ms. It may then wait for the end of the client's pause.
   */
  constructor(
    max: number,
    private readonly waitMs: number,
    private readonly starts: FairStart,
  ) {
    this.#shares = new ClientShares(max, MAX_WAITING);
  }

  /** The turn of a request of this client. It is not taken yet. */
  turnOf(clientId: string): Turn {
    let taken: Promise<void> | undefined;
    let leave: (() => void) | undefined;
    let hasEnded = false;
    const enter = async () => {
      leave = await this.#enter(clientId);
      if (hasEnded) leave();
      else await this.starts.endOfPause(clientId);
    };
    return {
      take: () => (taken ??= enter()),
      end() {
        hasEnded = true;
        leave?.();
      },
    };
  }

  #enter(clientId: string): Promise<() => void> {
    return new Promise((resolve, reject) => {
      let isLate = false;
      const giveUp = () => {
        isLate = true;
        reject(
          new Unavailable('capacity', { cause: new Error('The client has too many expensive requests') }),
        );
      };
      const timer = setTimeout(giveUp, this.waitMs);
      const hasPlace = this.#shares.enter(clientId, (leave) => {
        clearTimeout(timer);
        if (isLate) leave();
        else resolve(leave);
      });
      if (hasPlace) return;
      clearTimeout(timer);
      giveUp();
    });
  }
}
