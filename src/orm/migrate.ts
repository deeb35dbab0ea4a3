import type pg from 'pg';
import { codeOf } from '../errors/code-of.js';
import { firstLine, messageOf } from '../errors/message-of.js';
import { StartError } from '../errors/start-error.js';
import { migrateJobs } from '../webhooks/jobs/migrate-jobs.js';
import { type Waiting, withMigrationLock } from './migration-lock.js';
import { openOrm } from './orm.js';
import { pendingMigrations } from './pending-migrations.js';
import { requireSupportedServer } from './require-supported-server.js';

/** SQLSTATE (PostgreSQL, appendix A). */
const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * Applies the pending migrations, each completely or not at all. A migration that computes a value for every row commits in
 * batches and continues after a crash. If several gateways start at once, one migrates and the others wait. Migrations have no
 * timeout.
 *
 * @returns the names of the applied migrations.
 * @throws {StartError} if the server or the encoding of the database is not supported, the role lacks privileges, or an operator
 *   has to decide.
 */
export function migrate(databaseUrl: string, waiting: Waiting = {}): Promise<string[]> {
  const apply = async () => {
    const orm = await openOrm(databaseUrl);
    try {
      const pool = await orm.em.getConnection().getNativeClient();
      await requireSupportedServer(pool);
      await migrateJobs(pool);
      const applied = await orm.migrator.up();
      return applied.map((migration) => migration.name);
    } catch (error) {
      // The ORM keeps the driver's code.
      if (codeOf(error) !== INSUFFICIENT_PRIVILEGE) throw error;
      // The ORM adds PostgreSQL's hint on a separate line.
      const reason = firstLine(messageOf(error));
      throw new StartError(
        `The role in DATABASE_URL cannot migrate the database (${reason}). Run customer-gateway doctor to see the missing grants.`,
        { cause: error },
      );
    } finally {
      await orm.close();
    }
  };
  return withMigrationLock(databaseUrl, apply, waiting);
}

/**
 * Migrates as {@link migrate} does, but only if migrations are pending. Otherwise no lock is taken: behind a connection pooler, a
 * lock of a session could stay.
 *
 * @param client - reads which migrations are applied.
 */
export async function migrateIfPending(
  client: Pick<pg.ClientBase, 'query'>,
  databaseUrl: string,
  waiting: Waiting,
): Promise<string[]> {
  const pending = await pendingMigrations(client);
  return pending.length === 0 ? [] : migrate(databaseUrl, waiting);
}
