import { type Redis } from '../redis/redis.js';
import { ReplayCache } from './replay-cache.js';

/**
 * Accepts each signature once.
 *
 * A signature is valid from one tolerance before its timestamp to one tolerance after it, so it cannot be replayed after two
 * tolerances. It is kept for three, because clocks can be set back and the clocks of two gateways can differ.
 */
export class ReplayGuard {
  readonly #keepMs: number;
  readonly #seen: ReplayCache;

  /**
   * @param toleranceMs - maximum difference between a timestamp and the gateway's clock, in both directions.
   * @param redis - shares signatures between gateways. While it does not respond, each gateway uses its own.
   * @param now - a monotonic clock, in ms.
   */
  constructor(
    toleranceMs: number,
    private readonly redis: Redis | undefined,
    now?: () => number,
  ) {
    this.#keepMs = 3 * toleranceMs;
    this.#seen = new ReplayCache(this.#keepMs, now);
  }

  /** Stores a signature. @returns whether it is new. */
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
