import { type Finding, failed, ok, warning } from './check.js';

/** The fastest of several responses gives the most exact time. */
const TRIES = 3;

/** Share of the tolerance above which a clock is probably not synchronized, though signatures still pass. */
const WARNING_SHARE = 0.1;

/**
 * Compares the local clock with another one.
 *
 * @param whose - the owner of the other clock, such as `the database`.
 * @param ask - reads the other clock, in ms since the epoch.
 * @param toleranceMs - maximum difference of a signature's timestamp, in both directions.
 */
export async function compareClock(
  whose: string,
  ask: () => Promise<number>,
  toleranceMs: number,
): Promise<Finding> {
  let best = { skewMs: 0, errorMs: Infinity };
  for (let tries = 0; tries < TRIES; tries += 1) {
    const before = Date.now();
    const theirs = await ask();
    const after = Date.now();
    const errorMs = Math.ceil((after - before + 1) / 2);
    if (errorMs < best.errorMs) best = { skewMs: Math.round(theirs - (before + after) / 2), errorMs };
  }
  const { skewMs, errorMs } = best;
  const off = Math.abs(skewMs);
  const found = `The clock of ${whose} is ${off} ms ${skewMs < 0 ? 'behind' : 'ahead of'} the gateway's (± ${errorMs} ms)`;
  const allowed = `the tolerance for signatures is ${toleranceMs} ms (SIGNATURE_TOLERANCE_SECONDS)`;
  const advice = 'Synchronize both clocks with NTP.';
  if (off - errorMs > toleranceMs) return failed(`${found}; ${allowed}. ${advice}`);
  if (off - errorMs > toleranceMs * WARNING_SHARE) return warning(`${found}; ${allowed}. ${advice}`);
  return ok(`${found}; ${allowed}.`);
}
