import { type Finding, failed, ok, warning } from './check.js';

/** The quickest answer of so many tells the time best. */
const TRIES = 3;

/** A clock that is off by this share of the tolerance is not set by anything, though signatures still pass. */
const WARNING_SHARE = 0.1;

/**
 * Compares our clock with another one.
 *
 * @param whose - is the other one, such as `the database`.
 * @param ask - asks it for its time, in ms since the epoch.
 * @param toleranceMs - how far a signature's timestamp may be from our clock, either way.
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
  const found = `The clock of ${whose} is ${off} ms ${skewMs < 0 ? 'behind' : 'ahead of'} ours (± ${errorMs} ms)`;
  const allowed = `signatures may be ${toleranceMs} ms off (SIGNATURE_TOLERANCE_SECONDS)`;
  const advice = 'Set the clocks of both machines by NTP.';
  if (off - errorMs > toleranceMs) return failed(`${found}, and ${allowed}. ${advice}`);
  if (off - errorMs > toleranceMs * WARNING_SHARE) return warning(`${found}; ${allowed}. ${advice}`);
  return ok(`${found}; ${allowed}.`);
}
