import { Unavailable } from '../faults/unavailable.js';
import { Queue } from '../queue.js';

/** How long requests may keep the main thread before everything else gets a turn, in ms. */
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
 * Starts the work of requests in turns. Once a slice of time is used up, one request starts per turn of the event loop, of each
 * client in order. While other clients are active, a client whose request kept the main thread for longer than a slice pauses
 * after it, so that it gets a fifth of the time. While the gateway keeps up, a request starts at once.
 */
export class FairStart {
  /** By client ID, in the order of the clients' turns. */
  readonly #clients = new Map<string, Waiting>();
  /** When the current slice of time began; undefined while nothing is started. */
  #sliceBegan: number | undefined;
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
  async turnOf(clientId: string): Promise<void> {
    const now = performance.now();
    if (clientId !== this.#latest.clientId) this.#otherAt = this.#latest.at;
    this.#latest = { clientId, at: now };
    if (!this.#clients.has(clientId) && this.#hasTime(now)) return undefined;
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        reject(new Unavailable('capacity', { cause: new Error(`No turn within ${MAX_WAIT_MS} ms`) }));
      };
      this.#entryOf(clientId).requests.push({ since: now, start: resolve, giveUp });
      if (this.#sliceBegan === undefined) this.#beginSlice(now);
    });
  }

  #hasTime(now: number): boolean {
    if (this.#sliceBegan === undefined) this.#beginSlice(now);
    return now - (this.#sliceBegan ?? now) < SLICE_MS;
  }

  #beginSlice(now: number): void {
    this.#sliceBegan = now;
    // Promises are settled between the two: what the first one starts is done, up to where it waits, when the second one runs.
    setImmediate(this.#startNext);
    setImmediate(this.#measure);
  }

  readonly #startNext = (): void => {
    const now = performance.now();
    for (const [clientId, client] of this.#clients) {
      if (client.pausedUntil > now) continue;
      this.#clients.delete(clientId);
      const request = client.requests.first;
      if (!request) continue;
      client.requests.shift();
      // Behind the other clients.
      if (client.requests.length > 0) this.#clients.set(clientId, client);
      this.#started = { clientId, at: now };
      if (now - request.since > MAX_WAIT_MS) request.giveUp();
      else request.start();
      return;
    }
  };

  readonly #measure = (): void => {
    const now = performance.now();
    const started = this.#started;
    this.#started = undefined;
    if (started) this.#pause(started.clientId, now - started.at, now);
    if (started) this.#beginSlice(now);
    else {
      this.#sliceBegan = undefined;
      this.#waitForPauses(now);
    }
  };

  #pause(clientId: string, ms: number, now: number): void {
    const otherAt = clientId === this.#latest.clientId ? this.#otherAt : this.#latest.at;
    if (ms <= SLICE_MS || now - otherAt > ACTIVE_MS) return;
    this.#entryOf(clientId).pausedUntil = now + PAUSE_FACTOR * ms;
  }

  /** Goes on when the first pause is over, if nothing else makes it go on sooner. */
  #waitForPauses(now: number): void {
    clearTimeout(this.#timer);
    if (this.#clients.size === 0) return;
    const first = Math.min(...Array.from(this.#clients.values(), ({ pausedUntil }) => pausedUntil));
    this.#timer = setTimeout(
      () => {
        if (this.#sliceBegan === undefined) this.#beginSlice(performance.now());
      },
      Math.max(1, first - now),
    );
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
