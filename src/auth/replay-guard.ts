import { type Redis } from '../redis/redis.js';
import { ReplayCache } from './replay-cache.js';

/**
 * Lets each signature through once.
 *
 * A signature is of use from one tolerance before its timestamp to one after, so a remembered one is of no more use
 * after two. It is kept for three: clocks may be set back, and those of two gateways differ, by one tolerance more.
 */
export class ReplayGuard {
  readonly #keepMs: number;
  readonly #seen: ReplayCache;

  /**
   * @param toleranceMs - how far a timestamp may be from our clock, either way.
   * @param redis - remembers for all gateways. While it does not answer, each remembers what it has seen itself.
   * @param now - a clock in ms that never goes back.
   */
  constructor(
    toleranceMs: number,
    private readonly redis: Redis | undefined,
    now?: () => number,
  ) {
    this.#keepMs = 3 * toleranceMs;
    this.#seen = new ReplayCache(this.#keepMs, now);
  }

  /** Whether this signature comes for the first time; from now on it does not. */
  async claim(signature: string): Promise<boolean> {
    if (!this.#seen.claim(signature)) return false;
    if (!this.redis) return true;
    return this.redis.ask(
      async (connection) => {
        const set = await connection.set(`customer-gateway:signature:${signature}`, '', {
          condition: 'NX',
          expiration: { type: 'PX', value: this.#keepMs },
        });
        return set === 'OK';
      },
      () => true,
    );
  }
}
