/** Limits for attempts and delays. */
export interface RetryOptions {
  /** Maximum number of attempts, including the first. 1 turns retries off. Default: 4. */
  readonly maxAttempts?: number;
  /** Maximum random delay before the second attempt, in ms. Doubles with every attempt. Default: 250. */
  readonly baseDelayMs?: number;
  /** Maximum total delay, in ms. If `Retry-After` requires more, the request is not retried. Default: 10,000. */
  readonly maxWaitMs?: number;
}

/** Status codes after which the request may have been executed (RFC 9110, 15.6). */
const UNKNOWN_OUTCOME = new Set([502, 503, 504]);

/** Result of an attempt: a response or an error. */
export type Outcome = Response | { readonly error: unknown };

/**
 * Retries a request after a 429, after which nothing was executed. If the request is repeatable, also retries it after a
 * 502, 503, 504 or a network error. The delay is `Retry-After` plus exponential backoff with full jitter.
 *
 * @param attempt - sends the request once. An error it throws ends the retries.
 * @returns the last response, including a 429 or 503.
 * @throws the network error of the last attempt, or the signal's reason if it is aborted, also during a delay.
 */
export async function fetchWithRetries(
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
    // An unread response would keep its connection open.
    await response?.body?.cancel();
    await sleep(delayMs, signal);
  }
}

/**
 * Reads `Retry-After`: seconds, or a date (RFC 9110, 10.2.3).
 *
 * @param now - in ms since the epoch.
 * @returns ms to wait; 0 if the header is missing or not valid.
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
