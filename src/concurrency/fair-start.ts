import { Unavailable } from '../errors/unavailable.js';
import { Queue } from './queue.js';

/** Requests that start in one turn of the event loop, at most. */
const BATCH = 16;

/** No more requests start in a turn of the event loop after those before have kept the main thread for so long, in ms. */
const SLICE_MS = 5;

/**
 * Milliseconds of pause for each millisecond beyond the first 5 that a request kept the main thread: 500 ms for 10 ms, 1,500 ms
 * for 20 ms. Then at most one in a hundred requests of other clients waits for more than 5 ms.
 */
const PAUSE_PER_MS = 100;

/** Bytes of a body that keep the main thread for 1 ms: JSON is parsed, checked, hashed and written into statements. */
const BODY_BYTES_PER_MS = 40_000;

/** Bytes of a response that keep the main thread for 1 ms: rows are parsed, completed and written as JSON. */
const RESPONSE_BYTES_PER_MS = 100_000;

/** The longest pause, in ms. */
const MAX_PAUSE_MS = 8_000;

/**
 * A client's score rises by two with an expensive request and falls by one with any other. From four on the client pauses:
 * more than a third of its requests are expensive. A garbage collection makes single requests expensive.
 */
const SCORE_OF_EXPENSIVE = 2;
const PAUSE_SCORE = 4;

/** Requests after the start that make no client pause: their code is not compiled yet. */
const WARM_UP_REQUESTS = 200;

/** How long after its pause a client keeps its score, in ms. */
const MEMORY_MS = 1_000;

/** How long other clients count as active after a request, in ms. */
const ACTIVE_MS = 1_000;

/** How long a request may wait for its turn, by default, in ms. */
const MAX_WAIT_MS = 10_000;

interface WaitingRequest {
  readonly since: number;
  start(): void;
  giveUp(): void;
}

/** A client with requests that wait, or that has sent an expensive one. */
interface Waiting {
  readonly requests: Queue<WaitingRequest>;
  /** None of its requests starts before. */
  pausedUntil: number;
  score: number;
  scoreUntil: number;
}

/**
 * Starts the work of requests in turns of the event loop, of each client in order, and no more once they have kept the main
 * thread for 5 ms. While other clients are active, a client whose requests often take longer than that pauses after each of them.
 */
export class FairStart {
  /** By client ID, in the order of the clients' turns. */
  readonly #clients = new Map<string, Waiting>();
  #isScheduled = false;
  /** When the first request of this turn of the event loop started. */
  #began: number | undefined;
  /** The request that started last, until its time is measured. */
  #started: { readonly clientId: string; readonly at: number } | undefined;
  #measured = 0;
  #timer: NodeJS.Timeout | undefined;
  #latest = { clientId: '', at: -Infinity };
  /** The latest request of a client other than the latest one. */
  #otherAt = -Infinity;

  /**
   * @param maxWaitMs - how long a request may wait, in ms.
   * @param warmUpRequests - requests that make no client pause, from the start on.
   * @param now - a clock in ms that never goes back.
   */
  constructor(
    private readonly maxWaitMs = MAX_WAIT_MS,
    private readonly warmUpRequests = WARM_UP_REQUESTS,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * Resolves when the request may start.
   *
   * @throws {Unavailable} when its turn comes too late.
   */
  turnOf(clientId: string): Promise<void> {
    const now = this.now();
    if (clientId !== this.#latest.clientId) this.#otherAt = this.#latest.at;
    this.#latest = { clientId, at: now };
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        reject(new Unavailable('capacity', { cause: new Error(`No turn within ${this.maxWaitMs} ms`) }));
      };
      this.#entryOf(clientId).requests.push({ since: now, start: resolve, giveUp });
      this.#schedule();
    });
  }

  /**
   * Resolves when the client does not pause.
   *
   * @throws {Unavailable} as {@link turnOf}.
   */
  async endOfPause(clientId: string): Promise<void> {
    const client = this.#clients.get(clientId);
    if (client && client.pausedUntil > this.now()) await this.turnOf(clientId);
  }

  /**
   * Counts a request as expensive if its body and its response are large: most of their work is done after the start.
   *
   * @param responseBytes - of the response, or of the rows that were read for it.
   */
  addBytes(clientId: string, bodyBytes: number, responseBytes: number): void {
    const ms = bodyBytes / BODY_BYTES_PER_MS + responseBytes / RESPONSE_BYTES_PER_MS;
    if (ms > SLICE_MS) this.#addExpensive(clientId, ms, this.now());
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    // Promises are settled between two of these: what one starts is done, up to where it waits, when the next one runs.
    for (let index = 0; index < BATCH; index += 1) setImmediate(this.#startNext);
    setImmediate(this.#endTurn);
  }

  readonly #startNext = (): void => {
    const now = this.now();
    this.#measure(now);
    if (this.#began !== undefined && now - this.#began >= SLICE_MS) return;
    for (const [clientId, client] of this.#clients) {
      if (client.pausedUntil > now) continue;
      const request = client.requests.first;
      const hasScore = client.scoreUntil > now;
      if (!request && hasScore) continue;
      this.#clients.delete(clientId);
      if (!request) continue;
      client.requests.shift();
      // Behind the other clients.
      if (client.requests.length > 0 || hasScore) this.#clients.set(clientId, client);
      this.#began ??= now;
      this.#started = { clientId, at: now };
      if (now - request.since > this.maxWaitMs) request.giveUp();
      else request.start();
      return;
    }
  };

  readonly #endTurn = (): void => {
    const now = this.now();
    this.#measure(now);
    this.#isScheduled = false;
    const hasStarted = this.#began !== undefined;
    this.#began = undefined;
    const waiting = Array.from(this.#clients.values()).filter(({ requests }) => requests.length > 0);
    if (waiting.length === 0) return;
    if (hasStarted) this.#schedule();
    else this.#waitUntil(Math.min(...waiting.map(({ pausedUntil }) => pausedUntil)), now);
  };

  /** Counts how long the request that started last has kept the main thread. */
  #measure(now: number): void {
    const started = this.#started;
    if (!started) return;
    this.#started = undefined;
    this.#measured += 1;
    const ms = now - started.at;
    if (ms > SLICE_MS) {
      this.#addExpensive(started.clientId, ms, now);
      return;
    }
    const entry = this.#clients.get(started.clientId);
    if (entry) entry.score = Math.max(0, entry.score - 1);
  }

  /** Makes a client pause for a request that kept the main thread for so long, if it was not the first. */
  #addExpensive(clientId: string, ms: number, now: number): void {
    const otherAt = clientId === this.#latest.clientId ? this.#otherAt : this.#latest.at;
    if (now - otherAt > ACTIVE_MS) return;
    const client = this.#entryOf(clientId);
    const score = client.scoreUntil > now - ms ? client.score : 0;
    client.score = Math.min(PAUSE_SCORE, score + SCORE_OF_EXPENSIVE);
    if (client.score === PAUSE_SCORE && this.#measured > this.warmUpRequests) {
      const pause = Math.min(MAX_PAUSE_MS, PAUSE_PER_MS * (ms - SLICE_MS));
      client.pausedUntil = Math.max(client.pausedUntil, now + pause);
    }
    client.scoreUntil = Math.max(now, client.pausedUntil) + MEMORY_MS;
  }

  /** Goes on when the first pause is over, unless another request comes before. */
  #waitUntil(time: number, now: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => {
        this.#schedule();
      },
      Math.max(1, time - now),
    );
  }

  #entryOf(clientId: string): Waiting {
    let entry = this.#clients.get(clientId);
    if (!entry) {
      entry = { requests: new Queue(), pausedUntil: -Infinity, score: 0, scoreUntil: -Infinity };
      this.#clients.set(clientId, entry);
    }
    return entry;
  }
}
