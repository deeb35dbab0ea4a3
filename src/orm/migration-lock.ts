import { setTimeout as sleep } from 'node:timers/promises';
import { withLocks } from '../database/advisory-lock.js';

/** The key of the advisory lock that whoever migrates holds; any number will do that nobody else uses. */
const LOCK_KEY = 4_201_126_111n;

/** How often one who waits asks again, in ms. */
const ASK_INTERVAL_MS = 250;

/** How one who has to wait takes it. */
export interface Waiting {
  /** Called once, if another holds the lock. */
  readonly onWait?: () => void;
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Does some work while nobody else does it on the same database.
 *
 * One who waits asks again and again: a statement that waited in the server would hold up `create index concurrently`.
 *
 * @throws the signal's reason when it is given while we wait.
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
