import { setTimeout as sleep } from 'node:timers/promises';
import { withLocks } from '../database/advisory-lock.js';

/** The key of the advisory lock that is held during migrations: an arbitrary, unused number. */
const LOCK_KEY = 4_201_126_111n;

/** How often a waiting process retries, in ms. */
const ASK_INTERVAL_MS = 250;

/** What migrations wait for. */
export type WaitReason =
  'another process is migrating the database' | 'another transaction uses a table that a migration changes';

/** What to do while migrations wait. */
export interface Waiting {
  /** Called once for each reason to wait. */
  readonly onWait?: (reason: WaitReason) => void;
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
      if (isFirst) onWait?.('another process is migrating the database');
      isFirst = false;
      await sleep(ASK_INTERVAL_MS, undefined, { signal });
    }
    return work();
  });
}
