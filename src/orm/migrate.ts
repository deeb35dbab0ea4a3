import { type MikroORM } from '@mikro-orm/postgresql';
import type pg from 'pg';
import { codeOf } from '../errors/code-of.js';
import { firstLine, messageOf } from '../errors/message-of.js';
import { StartError } from '../errors/start-error.js';
import { migrateJobs } from '../webhooks/jobs/migrate-jobs.js';
import { LockTimeoutMigrator, untilLocked } from './lock-timeout-migrator.js';
import { type Waiting, withMigrationLock } from './migration-lock.js';
import { openOrm } from './orm.js';
import {
  appliedMigrations,
  isIndexBuild,
  pendingMigrations,
  pendingTableMigrations,
} from './pending-migrations.js';
import { requireSupportedServer } from './require-supported-server.js';
import { refuseNewerSchema } from './schema-state.js';

/** SQLSTATE (PostgreSQL, appendix A). */
const INSUFFICIENT_PRIVILEGE = '42501';

/** How to migrate. */
export interface MigrateOptions extends Waiting {
  /**
   * Leaves index builds pending, as a start does, which does not wait for them. A database that was never migrated gets them: its
   * tables are empty.
   */
  readonly leaveIndexBuilds?: boolean;
}

/**
 * Applies the pending migrations, each completely or not at all. A migration that computes a value for every row commits in
 * batches and continues after a crash. If several gateways start at once, one migrates and the others wait. Migrations have no
 * deadline.
 *
 * @returns the names of the applied migrations.
 * @throws {StartError} if the server or the encoding of the database is not supported, the schema is newer than this release, the
 *   role lacks privileges, or an operator has to decide.
 */
export function migrate(databaseUrl: string, options: MigrateOptions = {}): Promise<string[]> {
  return withMigrator(databaseUrl, options, async ({ pool, up }) => {
    await migrateJobs(pool);
    const isNew = (await appliedMigrations(pool)).length === 0;
    const pending = await pendingTableMigrations(pool);
    const migrations =
      options.leaveIndexBuilds === true && !isNew ? pending.filter((name) => !isIndexBuild(name)) : pending;
    await up(migrations);
    return migrations;
  });
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
  options: MigrateOptions,
): Promise<string[]> {
  const pending = await pendingMigrations(client);
  const isLeft = (name: string) => options.leaveIndexBuilds === true && isIndexBuild(name);
  return pending.every(isLeft) ? [] : migrate(databaseUrl, options);
}

/** A database whose schema no other process changes. */
export interface OpenSchema {
  readonly orm: MikroORM;
  readonly pool: pg.Pool;
  /** Applies migrations. */
  up(this: void, migrations: string[]): Promise<unknown>;
  /** Reverts migrations. */
  down(this: void, migrations: string[]): Promise<unknown>;
}

/**
 * Runs work with the migrator on a server and a schema that this release can migrate, while no other process migrates. The
 * connections have no timeouts.
 *
 * @throws {StartError} as {@link migrate} does.
 */
export function withMigrator<Result>(
  databaseUrl: string,
  waiting: Waiting,
  work: (schema: OpenSchema) => Promise<Result>,
): Promise<Result> {
  const run = async () => {
    const orm = await openOrm(databaseUrl);
    try {
      const pool = await orm.em.getConnection().getNativeClient();
      await requireSupportedServer(pool);
      await refuseNewerSchema(pool);
      const migrator = new LockTimeoutMigrator(orm.em);
      return await work({
        orm,
        pool,
        up: (migrations) => untilLocked(() => migrator.up({ migrations }), waiting),
        down: (migrations) => untilLocked(() => migrator.down({ migrations }), waiting),
      });
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
  return withMigrationLock(databaseUrl, run, waiting);
}
