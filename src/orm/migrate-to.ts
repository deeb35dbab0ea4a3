import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { Migration } from '@mikro-orm/migrations';
import { type MikroORM } from '@mikro-orm/postgresql';
import { firstLine, messageOf } from '../errors/message-of.js';
import { StartError } from '../errors/start-error.js';
import { migrateJobs } from '../webhooks/jobs/migrate-jobs.js';
import { type DataLoss, dataLosses } from './data-losses.js';
import { type OpenSchema, withMigrator } from './migrate.js';
import { type Waiting } from './migration-lock.js';
import { MIGRATIONS_FOLDER } from './orm.js';
import { appliedMigrations, knownMigrations, pendingTableMigrations } from './pending-migrations.js';

/** The migrations that were applied or reverted, in this order. */
export interface SchemaChange {
  readonly applied: readonly string[];
  readonly reverted: readonly string[];
}

interface MigrateToOptions extends Waiting {
  /** Whether going back may delete data. */
  readonly allowDataLoss: boolean;
}

/**
 * Migrates to the schema after one migration: applies it and the pending ones before it, or reverts the applied ones after it.
 *
 * @param target - a migration of this release.
 * @throws {StartError} as `migrate` does, if going back would delete data that may not be deleted, or if this release cannot revert
 *   one of the migrations. Each is reverted in a transaction, unless it was applied without one.
 */
export function migrateTo(
  databaseUrl: string,
  target: string,
  options: MigrateToOptions,
): Promise<SchemaChange> {
  return withMigrator(databaseUrl, options, async ({ orm, pool, up, down }) => {
    const applied = await appliedMigrations(pool);
    if (!applied.includes(target)) {
      await migrateJobs(pool);
      const pending = (await pendingTableMigrations(pool)).filter((name) => name <= target);
      await up(pending);
      return { applied: pending, reverted: [] };
    }
    const later = applied.filter((name) => name > target).toReversed();
    await refuseUnknown(later, target);
    const losses = await dataLosses(pool, await statementsOfDown(orm, later));
    if (losses.length > 0 && !options.allowDataLoss) throw new StartError(describeLosses(target, losses));
    const reverted: string[] = [];
    for (const name of later) {
      await revert(down, name, reverted);
      reverted.push(name);
    }
    return { applied: [], reverted };
  });
}

/** @throws {StartError} if a newer release applied one of the migrations. */
async function refuseUnknown(names: readonly string[], target: string): Promise<void> {
  const known = await knownMigrations();
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new StartError(
    `This release cannot revert ${unknown.join(', ')}. Run \`customer-gateway migrate --to ${target}\` with the release that applied the migration.`,
  );
}

/** The SQL of the `down` of migrations, which is not executed. */
async function statementsOfDown(orm: MikroORM, names: readonly string[]): Promise<string[]> {
  const statements: string[] = [];
  for (const name of names) {
    const module: unknown = await import(pathToFileURL(join(MIGRATIONS_FOLDER, `${name}.js`)).href);
    const Found = Object.values(module ?? {}).find(isMigration);
    if (!Found) throw new Error(`${name}.js has no migration`);
    const migration = new Found(orm.em.getDriver(), orm.config);
    await migration.down();
    statements.push(...migration.getQueries().map(String));
  }
  return statements;
}

type MigrationClass = new (...parts: ConstructorParameters<typeof Migration>) => Migration;

const isMigration = (value: unknown): value is MigrationClass =>
  typeof value === 'function' && value.prototype instanceof Migration;

function describeLosses(target: string, losses: readonly DataLoss[]): string {
  return [
    `Going back to ${target} deletes data:`,
    ...losses.map(({ what, count }) => `  ${what}: ${count}`),
    'Nothing was changed. Back up the database, then run the command with --allow-data-loss.',
  ].join('\n');
}

async function revert(down: OpenSchema['down'], name: string, reverted: readonly string[]): Promise<void> {
  try {
    await down([name]);
  } catch (error) {
    const before =
      reverted.length === 0 ? 'Nothing was changed.' : `Reverted before: ${reverted.join(', ')}.`;
    throw new StartError(`${name} cannot be reverted: ${firstLine(messageOf(error))}. ${before}`, {
      cause: error,
    });
  }
}
