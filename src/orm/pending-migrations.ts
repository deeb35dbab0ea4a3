import { readdir } from 'node:fs/promises';
import type pg from 'pg';
import { codeOf } from '../errors/code-of.js';
import { messageOf } from '../errors/message-of.js';
import { StartError } from '../errors/start-error.js';
import { jobsAreMigrated } from '../webhooks/jobs/migrate-jobs.js';
import { MIGRATIONS_FOLDER } from './orm.js';

/** The table in which the migrator lists what it applied. */
export const MIGRATIONS_TABLE = 'mikro_orm_migrations';

/** The name of all migrations of graphile-worker together. */
const JOBS = 'graphile-worker';

/** The end of the name of a migration that builds indexes with `create index concurrently`. */
const INDEX_BUILD = '_concurrently';

/** SQLSTATE (PostgreSQL, appendix A). */
const INSUFFICIENT_PRIVILEGE = '42501';

type Queryable = Pick<pg.ClientBase, 'query'>;

/** The names of all migrations of this release, in their order. */
export async function knownMigrations(): Promise<string[]> {
  const files = await readdir(MIGRATIONS_FOLDER);
  return files.flatMap((file) => /^(Migration\w+)\.js$/.exec(file)?.[1] ?? []).toSorted();
}

/**
 * Whether a migration only builds indexes, without which the gateway is slower but correct. On a large table that takes long, so
 * gateways start and serve before it is applied.
 */
export const isIndexBuild = (name: string): boolean => name.endsWith(INDEX_BUILD);

/** The names of the applied migrations, in their order. None if the database was never migrated. */
export async function appliedMigrations(client: Queryable): Promise<string[]> {
  const { rows: tables } = await client.query<{ exists: boolean }>(
    `select to_regclass('${MIGRATIONS_TABLE}') is not null as exists`,
  );
  if (tables[0]?.exists !== true) return [];
  const { rows } = await client.query<{ name: string }>(`select name from ${MIGRATIONS_TABLE} order by id`);
  return rows.map(({ name }) => name);
}

/** The migrations of the gateway's own tables that a database lacks, in their order. */
export async function pendingTableMigrations(client: Queryable): Promise<string[]> {
  const applied = new Set(await appliedMigrations(client));
  return (await knownMigrations()).filter((name) => !applied.has(name));
}

/**
 * All migrations that a database lacks. Those of graphile-worker count as one, the first. Takes no lock and changes nothing: the
 * migrator's own query creates its table, and reports every migration while PostgreSQL is unavailable.
 *
 * @throws {StartError} if the role may not read which migrations are applied.
 */
export async function pendingMigrations(client: Queryable): Promise<string[]> {
  try {
    const pending = await pendingTableMigrations(client);
    return (await jobsAreMigrated(client)) ? pending : [JOBS, ...pending];
  } catch (error) {
    if (codeOf(error) !== INSUFFICIENT_PRIVILEGE) throw error;
    throw new StartError(
      `The role in DATABASE_URL lacks privileges (${messageOf(error)}). Run \`customer-gateway doctor\` to see the missing grants.`,
      { cause: error },
    );
  }
}
