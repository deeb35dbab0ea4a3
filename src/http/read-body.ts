import { type IncomingMessage } from 'node:http';
import { type ByteBudget } from '../concurrency/byte-budget.js';
import { Unavailable } from '../errors/unavailable.js';

/** Bodies up to this size are always read. The number of connections bounds how many bytes they have together. */
export const SMALL_BODY_BYTES = 16_384;

/** The client that a request names. */
export interface ClaimedClient {
  readonly clientId: string;
  /** Whether the client exists. The signature is verified later. */
  readonly isKnown: boolean;
}

/** Limits of bodies. */
export interface BodyLimits {
  /** Bytes of one body. */
  readonly bytes: number;
  /** Bytes of all bodies of more than 16 KiB whose requests are in progress. */
  readonly budget: ByteBudget;
}

/** Thrown for a body that cannot be accepted, with the status of the response. */
class BodyError extends Error {
  constructor(
    readonly statusCode: 400 | 413,
    message: string,
  ) {
    super(message);
  }
}

/** Collects the chunks of one body within the limits. */
class BodyCollector {
  readonly #chunks: Buffer[] = [];
  #size = 0;
  /** Bytes counted against the budget. */
  #counted = 0;

  constructor(
    private readonly client: ClaimedClient,
    private readonly limits: BodyLimits,
  ) {}

  /** Whether the rest need not be read: the request of an unknown client is refused anyway. */
  get isEnough(): boolean {
    return !this.client.isKnown && this.#size > SMALL_BODY_BYTES;
  }

  /** @returns the error if the chunk exceeds the limit of one body or the budget of all. */
  add(chunk: Buffer): BodyError | Unavailable | undefined {
    this.#size += chunk.length;
    if (this.#size > this.limits.bytes) return new BodyError(413, 'The body is too large');
    this.#chunks.push(chunk);
    return this.#size > SMALL_BODY_BYTES && this.client.isKnown ? this.#count() : undefined;
  }

  bytes(): Buffer {
    const [first] = this.#chunks;
    return this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks);
  }

  release(): void {
    this.limits.budget.add(this.client.clientId, -this.#counted);
    this.#counted = 0;
  }

  #count(): Unavailable | undefined {
    const { clientId } = this.client;
    const uncounted = this.#size - this.#counted;
    if (!this.limits.budget.hasRoomFor(clientId, uncounted)) {
      return new Unavailable('capacity', { cause: new Error('The bodies in progress take up their budget') });
    }
    this.limits.budget.add(clientId, uncounted);
    this.#counted = this.#size;
    return undefined;
  }
}

/**
 * Reads a body, of an unknown client only the first 16 KiB or little more.
 *
 * @param onHeld - called first, with a function that releases the memory counted for the body.
 * @param done - called once, with the body or the error: a status of 413 or 400, or {@link Unavailable}.
 */
export function readBody(
  payload: IncomingMessage,
  client: ClaimedClient,
  limits: BodyLimits,
  onHeld: (release: () => void) => void,
  done: (error: Error | null, body?: Buffer) => void,
): void {
  if (Number(payload.headers['content-length']) > limits.bytes) {
    done(new BodyError(413, 'The body is too large'));
    return;
  }
  const collector = new BodyCollector(client, limits);
  onHeld(() => {
    collector.release();
  });
  const end = (error: Error | null) => {
    payload.off('data', onData).off('end', onEnd).off('error', onAbort).off('close', onAbort);
    // The rest is discarded, so that the response reaches a client that is still sending.
    payload.resume();
    if (error) done(error);
    else done(null, collector.bytes());
  };
  const onData = (chunk: Buffer) => {
    const error = collector.add(chunk);
    if (error) end(error);
    else if (collector.isEnough) end(null);
  };
  const onEnd = () => {
    end(null);
  };
  const onAbort = () => {
    end(new BodyError(400, 'The body was not sent to its end'));
  };
  payload.on('data', onData).on('end', onEnd).on('error', onAbort).on('close', onAbort);
}
