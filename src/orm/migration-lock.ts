import { setTimeout as sleep } from 'node:timers/promises';
import { withLocks } from '../database/advisory-lock.js';

/** The key of the advisory lock that is held during migrations: an arbitrary, unused number. */
const LOCK_KEY = 4_201_126_111n;

/** How often a waiting process retries, in ms. */
const ASK_INTERVAL_MS = 250;

/** What to do while another process holds the lock. */
export interface Waiting {
  /** Called once, if another process holds the lock. */
  readonly onWait?: () => void;
  /** Aborts the wait. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs work that only one process at a time may run on a database.
 *
 * A waiting process polls, because a statement that waited in the server would block `create index concurrently`.
 *
 * @throws the signal's reason if it is aborted while waiting.
 */
export function withMigrationLock<Result>(
  databaseUrl: string,
  work: () => Promise<Result>,
  { onWait, signal }: Waiting,
): Promise<Result> {
  return withLocks(databaseUrl, async (tryLock) => {
    let isFirst = true;
    while (!(await tryLock(LOCK_KEY))) {
      if (isFirst) onWait?.();
      isFirst = false;
      await sleep(ASK_INTERVAL_MS, undefined, { signal });
    }
    return work();
  });
}
