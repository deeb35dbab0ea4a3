import { Unavailable } from '../faults/unavailable.js';
import { Queue } from '../queue.js';

/** Requests that start in one turn of the event loop, at most. */
const BATCH = 16;

/** No more requests start in a turn of the event loop after those before have kept the main thread for so long, in ms. */
const SLICE_MS = 5;

/** After an expensive request a client pauses for this many times as long as it kept the main thread. */
const PAUSE_FACTOR = 4;

/** How long other clients count as active after a request, in ms. */
const ACTIVE_MS = 1_000;

/** How long a request may wait for its turn, in ms. */
const MAX_WAIT_MS = 10_000;

interface WaitingRequest {
  readonly since: number;
  start(): void;
  giveUp(): void;
}

/** A client with requests that wait, or that pauses. */
interface Waiting {
  readonly requests: Queue<WaitingRequest>;
  /** None of its requests starts before. */
  pausedUntil: number;
}

/**
 * Starts the work of requests in turns of the event loop, of each client in order, and no more once they have kept the main
 * thread for 5 ms. While other clients are active, a client whose request takes longer than that pauses after it, so that it
 * gets a fifth of the time.
 */
export class FairStart {
  /** By client ID, in the order of the clients' turns. */
  readonly #clients = new Map<string, Waiting>();
  #isScheduled = false;
  /** When the first request of this turn of the event loop started. */
  #began: number | undefined;
  /** The request that started last, until its time is measured. */
  #started: { readonly clientId: string; readonly at: number } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #latest = { clientId: '', at: -Infinity };
  /** The latest request of a client other than the latest one. */
  #otherAt = -Infinity;

  /**
   * Resolves when the request may start.
   *
   * @throws {Unavailable} when it has waited for 10 s.
   */
  turnOf(clientId: string): Promise<void> {
    const now = performance.now();
    if (clientId !== this.#latest.clientId) this.#otherAt = this.#latest.at;
    this.#latest = { clientId, at: now };
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        reject(new Unavailable('capacity', { cause: new Error(`No turn within ${MAX_WAIT_MS} ms`) }));
      };
      this.#entryOf(clientId).requests.push({ since: now, start: resolve, giveUp });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    // Promises are settled between two of these: what one starts is done, up to where it waits, when the next one runs.
    for (let index = 0; index < BATCH; index += 1) setImmediate(this.#startNext);
    setImmediate(this.#endTurn);
  }

  readonly #startNext = (): void => {
    const now = performance.now();
    this.#measure(now);
    if (this.#began !== undefined && now - this.#began >= SLICE_MS) return;
    for (const [clientId, client] of this.#clients) {
      if (client.pausedUntil > now) continue;
      this.#clients.delete(clientId);
      const request = client.requests.first;
      if (!request) continue;
      client.requests.shift();
      // Behind the other clients.
      if (client.requests.length > 0) this.#clients.set(clientId, client);
      this.#began ??= now;
      this.#started = { clientId, at: now };
      if (now - request.since > MAX_WAIT_MS) request.giveUp();
      else request.start();
      return;
    }
  };

  readonly #endTurn = (): void => {
    const now = performance.now();
    this.#measure(now);
    this.#isScheduled = false;
    const hasStarted = this.#began !== undefined;
    this.#began = undefined;
    if (this.#clients.size === 0) return;
    if (hasStarted) this.#schedule();
    else this.#waitForPauses(now);
  };

  /** Has the client of the request that started last pause, if it took long. */
  #measure(now: number): void {
    const started = this.#started;
    if (!started) return;
    this.#started = undefined;
    const ms = now - started.at;
    const otherAt = started.clientId === this.#latest.clientId ? this.#otherAt : this.#latest.at;
    if (ms <= SLICE_MS || now - otherAt > ACTIVE_MS) return;
    this.#entryOf(started.clientId).pausedUntil = now + PAUSE_FACTOR * ms;
  }

  /** Goes on when the first pause is over, unless another request comes before. */
  #waitForPauses(now: number): void {
    clearTimeout(this.#timer);
    const first = Math.min(...Array.from(this.#clients.values(), ({ pausedUntil }) => pausedUntil));
    this.#timer = setTimeout(() => this.#schedule(), Math.max(1, first - now));
  }

  #entryOf(clientId: string): Waiting {
    let entry = this.#clients.get(clientId);
    if (!entry) {
      entry = { requests: new Queue(), pausedUntil: -Infinity };
      this.#clients.set(clientId, entry);
    }
    return entry;
  }
}
