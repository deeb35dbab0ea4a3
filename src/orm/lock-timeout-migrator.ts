import { setTimeout as sleep } from 'node:timers/promises';
import { type IMigrationRunner } from '@mikro-orm/core';
import { MigrationRunner, Migrator } from '@mikro-orm/migrations';
import { LOCK_NOT_AVAILABLE } from '../database/lock-timeout.js';
import { DEADLOCK_DETECTED } from '../database/retry.js';
import { sqlStateOf } from '../errors/sql-state.js';
import { type Waiting } from './migration-lock.js';

/**
 * Maximum time in ms that a migration waits for a lock, and requests behind it. A third of what a list may take by default
 * (`DATABASE_LIST_TIMEOUT_MS`), and shorter than PostgreSQL's `deadlock_timeout` (1 s), after which the server would end a request
 * instead of the migration.
 */
const LOCK_TIMEOUT_MS = 300;

/** Average pause between attempts to get the locks, in ms. Requests are served meanwhile. */
const RETRY_PAUSE_MS = 1_000;

/** SQLSTATEs of a migration that did not get its locks. */
const LOCK_ERRORS = new Set<string | undefined>([LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED]);

/** Runs each migration that has a transaction with a limit on its waits for locks. */
class LockTimeoutRunner extends MigrationRunner {
  override async run(...args: Parameters<MigrationRunner['run']>): Promise<void> {
    const [migration] = args;
    // `create index concurrently` waits for older transactions as for locks, and blocks no request.
    if (!migration.isTransactional()) return super.run(...args);
    await this.driver.getConnection().transactional(async (transaction) => {
      await this.driver.execute(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`, [], 'all', transaction);
      this.setMasterMigration(transaction);
      try {
        await super.run(...args);
      } finally {
        this.unsetMasterMigration();
      }
    });
  }
}

/**
 * The ORM's migrator, but a migration does not wait long for a lock: PostgreSQL grants locks in the order of their requests, so
 * behind a migration that waits for one long transaction, all requests wait.
 */
export class LockTimeoutMigrator extends Migrator {
  protected override createRunner(): IMigrationRunner {
    return new LockTimeoutRunner(this.driver, this.options, this.config);
  }
}

/**
 * Runs migrations, and repeats them after pauses until they get their locks.
 *
 * @throws the signal's reason if it is aborted during a pause.
 */
export async function untilLocked<Result>(
  run: () => Promise<Result>,
  { onWait, signal }: Waiting,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (!LOCK_ERRORS.has(sqlStateOf(error))) throw error;
      if (attempt === 1) onWait?.('another transaction uses a table that a migration changes');
      await sleep(RETRY_PAUSE_MS * (0.5 + Math.random()), undefined, { signal });
    }
  }
}
