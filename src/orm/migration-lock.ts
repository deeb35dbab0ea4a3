import { setTimeout as sleep } from 'node:timers/promises';
import { withLocks } from '../database/advisory-lock.js';

/** Key of the advisory lock for migrations: an arbitrary number that no other lock of this database uses. */
const LOCK_KEY = 4_201_126_111n;

/** How often a waiting gateway tries to take the lock, in ms. */
const ASK_INTERVAL_MS = 250;

/** Options of a gateway that has to wait for the lock. */
export interface Waiting {
  /** Called once, if another gateway holds the lock. */
  readonly onWait?: () => void;
  /** Aborts the wait. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs work while no other gateway runs it on the same database.
 *
 * A waiting gateway polls: a statement that waits in the server would block `create index concurrently`.
 *
 * @throws the signal's reason when it is aborted.
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
