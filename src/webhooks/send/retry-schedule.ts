/** The pause before the first retry, in ms. */
const FIRST_PAUSE_MS = 5_000;
/** How much longer each pause is than the one before. */
const FACTOR = 3;
/** The longest pause, in ms: 8 hours. */
const MAX_PAUSE_MS = 28_800_000;
/** Pauses are up to so much shorter or longer, so that deliveries that failed together are not retried together. */
const JITTER = 0.2;

/**
 * The pause before the next attempt, in ms: about 5 s, 15 s, 45 s, 2 min, 7 min, 20 min, 1 h, 3 h and then 8 h.
 *
 * @param failedAttempts - attempts that failed, at least 1.
 * @param random - from 0 to 1.
 */
export function retryPauseMs(failedAttempts: number, random = Math.random()): number {
  const pause = Math.min(FIRST_PAUSE_MS * FACTOR ** (failedAttempts - 1), MAX_PAUSE_MS);
  return Math.round(pause * jitter(random));
}

/** A factor from 0.8 to 1.2. */
export function jitter(random = Math.random()): number {
  return 1 - JITTER + 2 * JITTER * random;
}
