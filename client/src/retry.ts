/** How often, and how long, a request is tried. */
export interface RetryOptions {
  /** Tries in all, the first one included; 1 is to never try again. 4 by default. */
  readonly maxAttempts?: number;
  /** What the wait before the second try is at most, in ms; it doubles with every try. 250 by default. */
  readonly baseDelayMs?: number;
  /** What all waits are at most together, in ms. Whoever asks for more is not waited for. 10 000 by default. */
  readonly maxWaitMs?: number;
}

/** A server's, or a proxy's, way to say that nobody knows what became of the request (RFC 9110, 15.6). */
const UNKNOWN_OUTCOME = new Set([502, 503, 504]);

/** What a try came to: an answer, or the error in its place. */
export type Outcome = Response | { readonly error: unknown };

/**
 * Tries again, after a wait, what was answered 429, and, if it may be repeated, what was answered 502, 503 or 504, or not at
 * all: a 429 says that nothing was done, the others do not. Between the tries is exponential backoff with full jitter, on
 * top of what `Retry-After` asks for.
 *
 * @param attempt - sends the request once. What it throws ends the tries.
 * @returns the last answer, a 429 or 503 too.
 * @throws the error of a last try without an answer; the signal's reason when it is aborted, also while it waits.
 */
export async function withRetries(
  attempt: () => Promise<Outcome>,
  isRepeatable: boolean,
  signal: AbortSignal,
  { maxAttempts = 4, baseDelayMs = 250, maxWaitMs = 10_000 }: RetryOptions,
): Promise<Response> {
  let waitedMs = 0;
  for (let attempts = 1; ; attempts += 1) {
    const outcome = await attempt();
    const response = 'error' in outcome ? undefined : outcome;
    const delayMs =
      readRetryAfter(response?.headers.get('retry-after'), Date.now()) +
      jitter(baseDelayMs * 2 ** (attempts - 1));
    waitedMs += delayMs;
    const mayTryAgain =
      response?.status === 429 || (isRepeatable && (!response || UNKNOWN_OUTCOME.has(response.status)));
    if (!mayTryAgain || attempts >= maxAttempts || waitedMs > maxWaitMs || signal.aborted) {
      if ('error' in outcome) throw outcome.error;
      return outcome;
    }
    // An answer that nobody reads would keep its connection.
    await response?.body?.cancel();
    await sleep(delayMs, signal);
  }
}

/**
 * Reads `Retry-After`: seconds, or a date (RFC 9110, 10.2.3).
 *
 * @param now - in ms since the epoch.
 * @returns ms to wait; 0 when there is nothing to read.
 */
export function readRetryAfter(value: string | null | undefined, now: number): number {
  if (!value) return 0;
  if (/^\d+$/.test(value)) return Number(value) * 1_000;
  return Math.max(0, Date.parse(value) - now) || 0;
}

function jitter(mostMs: number): number {
  return Math.random() * mostMs;
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
