import { createClient } from '@redis/client';
import { type FastifyBaseLogger } from 'fastify';
import { type Config } from '../config/config.js';
import { withTimeout } from '../concurrency/with-timeout.js';
import { Unavailable } from '../errors/unavailable.js';

/** How long a command may take, and also to connect, in ms. Redis answers ours in well under one. */
export const DEADLINE_MS = 500;

/** How long we wait after a failure until we connect anew, in ms. */
const RECONNECT_MS = 1_000;

/** Written when we connect: a server that answers but takes no writes is of no use to us. */
const PROBE_KEY = 'customer-gateway:probe';

/** A connection that is still to connect. */
export const createConnection = (url: string) =>
  createClient({
    url,
    // A connection that broke is thrown away whole: the library's own reconnecting waits for a handshake for ever.
    disableOfflineQueue: true,
    socket: { connectTimeout: DEADLINE_MS, reconnectStrategy: false },
  });

/** A connection to Redis. */
export type RedisClient = ReturnType<typeof createConnection>;

/**
 * The Redis that gateways share. No request waits for it longer than a deadline, and only the first one waits at all:
 * while it does not answer, we do at once what the configuration says, and connect anew in the background.
 */
export class Redis {
  /** Undefined while Redis does not answer. */
  #client: RedisClient | undefined;
  #failure: unknown;
  #isClosed = false;
  #reconnecting: NodeJS.Timeout | undefined;

  private constructor(
    private readonly url: string,
    private readonly failureMode: Config['redisFailureMode'],
    private readonly log: FastifyBaseLogger,
  ) {}

  /** Connects. A Redis that does not answer is no reason not to start: it is connected to when it does. */
  static async open(
    url: string,
    failureMode: Config['redisFailureMode'],
    log: FastifyBaseLogger,
  ): Promise<Redis> {
    const redis = new Redis(url, failureMode, log);
    await redis.#connect();
    return redis;
  }

  /** Whether Redis answers, as far as the last command tells. */
  get isUp(): boolean {
    return this.#client !== undefined;
  }

  /**
   * Runs one command.
   *
   * @param otherwise - gives the result while Redis does not answer and each gateway is to count for itself.
   * @throws {Unavailable} while Redis does not answer and callers are to be told so.
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
    if (this.#failure !== undefined) this.log.info('Redis answers again');
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
      this.log.warn({ err: error, failureMode: this.failureMode }, 'Redis does not answer');
    }
    this.#failure = error;
    this.#reconnecting = setTimeout(() => void this.#connect(), RECONNECT_MS).unref();
  }
}

/** Ends a connection, whatever its state. */
export function destroy(client: RedisClient): void {
  if (client.isOpen) client.destroy();
}
