import { createClient } from '@redis/client';
import { type FastifyBaseLogger } from 'fastify';
import { type Config } from '../config/config.js';
import { withTimeout } from '../concurrency/with-timeout.js';
import { Unavailable } from '../errors/unavailable.js';

/** Timeout of connecting and of each command, in ms. Redis usually takes less than 1 ms for the gateway's commands. */
export const DEADLINE_MS = 500;

/** Pause between a failure and the next attempt to connect, in ms. */
const RECONNECT_MS = 1_000;

/** Written after connecting: a server that accepts no writes cannot be used. */
const PROBE_KEY = 'customer-gateway:probe';

/** Creates a client that is not connected yet. */
export const createConnection = (url: string) =>
  createClient({
    url,
    // A broken connection is replaced: the library's own reconnecting can wait forever for a handshake.
    disableOfflineQueue: true,
    socket: { connectTimeout: DEADLINE_MS, reconnectStrategy: false },
  });

/** A connection to Redis. */
export type RedisClient = ReturnType<typeof createConnection>;

/**
 * The Redis that gateways share. A request waits for it at most {@link DEADLINE_MS}, and only the first one does: while Redis does not
 * respond, the configured failure mode applies at once and a new connection is attempted in the background.
 */
export class Redis {
  /** Undefined while Redis does not respond. */
  #client: RedisClient | undefined;
  #failure: unknown;
  #isClosed = false;
  #reconnecting: NodeJS.Timeout | undefined;

  private constructor(
    private readonly url: string,
    private readonly failureMode: Config['redisFailureMode'],
    private readonly log: FastifyBaseLogger,
  ) {}

  /** Connects. If Redis does not respond, the gateway starts anyway and connects later. */
  static async open(
    url: string,
    failureMode: Config['redisFailureMode'],
    log: FastifyBaseLogger,
  ): Promise<Redis> {
    const redis = new Redis(url, failureMode, log);
    await redis.#connect();
    return redis;
  }

  /** Whether Redis responded to the last command. */
  get isUp(): boolean {
    return this.#client !== undefined;
  }

  /**
   * Runs one command.
   *
   * @param otherwise - returns the result while Redis does not respond, if the failure mode is `per-process`.
   * @throws {Unavailable} while Redis does not respond, if the failure mode is `refuse`.
   */
  async ask<Result>(
    command: (client: RedisClient) => Promise<Result>,
    otherwise: () => Result,
  ): Promise<Result> {
    const client = this.#client;
    if (client) {
      try {
        return await withTimeout(command(client), DEADLINE_MS, 'Redis');
      } catch (error) {
        this.#lose(client, error);
      }
    }
    this.#refuseIfSo();
    return otherwise();
  }

  /** @throws {Unavailable} while callers are refused for want of Redis. */
  checkReady(): void {
    if (!this.isUp) this.#refuseIfSo();
  }

  /** Ends the connection. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#reconnecting);
    if (this.#client) destroy(this.#client);
    this.#client = undefined;
  }

  #refuseIfSo(): void {
    if (this.failureMode === 'refuse') throw new Unavailable('redis', { cause: this.#failure });
  }

  async #connect(): Promise<void> {
    const client = createConnection(this.url);
    client.on('error', (error: Error) => {
      this.#lose(client, error);
    });
    try {
      const connected = client
        .connect()
        .then(() => client.set(PROBE_KEY, '1', { expiration: { type: 'PX', value: DEADLINE_MS } }));
      await withTimeout(connected, DEADLINE_MS, 'Redis');
    } catch (error) {
      destroy(client);
      this.#down(error);
      return;
    }
    if (this.#isClosed) {
      destroy(client);
      return;
    }
    this.#client = client;
    if (this.#failure !== undefined) this.log.info('Redis is available again');
    this.#failure = undefined;
  }

  /** Gives a connection up. Of the many commands that fail with it, the first one does this. */
  #lose(client: RedisClient, error: unknown): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    destroy(client);
    this.#down(error);
  }

  #down(error: unknown): void {
    if (this.#isClosed) return;
    if (this.#failure === undefined) {
      this.log.warn({ err: error, failureMode: this.failureMode }, 'Redis is unavailable');
    }
    this.#failure = error;
    this.#reconnecting = setTimeout(() => void this.#connect(), RECONNECT_MS).unref();
  }
}

/** Closes a connection in any state. */
export function destroy(client: RedisClient): void {
  if (client.isOpen) client.destroy();
}
