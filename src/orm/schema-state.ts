import type pg from 'pg';
import { SchemaMismatch } from '../errors/schema-mismatch.js';
import { sqlStateOf } from '../errors/sql-state.js';
import { StartError } from '../errors/start-error.js';
import { isIndexBuild, knownMigrations, MIGRATIONS_TABLE, pendingMigrations } from './pending-migrations.js';

/** SQLSTATE of a missing table (PostgreSQL, appendix A). */
const UNDEFINED_TABLE = '42P01';

/**
 * The applied migrations. A contract migration marks the migration that it contracts as required: gateways that do not know that one
 * use what the contract migration removes. The column is read from JSON because older releases leave a table without it.
 */
const APPLIED = `select name, coalesce((to_jsonb(applied) ->> 'required')::boolean, false) as required
from ${MIGRATIONS_TABLE} as applied`;

type Queryable = Pick<pg.ClientBase, 'query'>;

interface AppliedMigration {
  readonly name: string;
  readonly required: boolean;
}

/**
 * Compares the schema of a database with a release, in one statement.
 *
 * @param known - the migrations of the release.
 * @throws {SchemaMismatch} if the release cannot serve the schema.
 */
export async function checkSchema(client: Queryable, known: readonly string[]): Promise<void> {
  const applied = await readApplied(client);
  refuseNewer(applied, known);
  const names = new Set(applied.map(({ name }) => name));
  const missing = known.filter((name) => !names.has(name) && !isIndexBuild(name));
  if (missing.length === 0) return;
  throw new SchemaMismatch(
    `The database schema is older than this release: it lacks ${list(missing)}. Run \`customer-gateway migrate\`, or start the older release.`,
  );
}

/** @throws {SchemaMismatch} if a newer release has removed what this one uses. */
export async function refuseNewerSchema(client: Queryable): Promise<void> {
  refuseNewer(await readApplied(client), await knownMigrations());
}

/**
 * @throws {StartError} if this release cannot serve the schema, migrations are pending, or the role may not read which are applied.
 */
export async function requireMigrated(client: Queryable): Promise<void> {
  const pending = (await pendingMigrations(client)).filter((name) => !isIndexBuild(name));
  await refuseNewerSchema(client);
  if (pending.length === 0) return;
  throw new StartError(
    `The database schema is out of date (pending: ${list(pending)}); run \`customer-gateway migrate\`.`,
  );
}

async function readApplied(client: Queryable): Promise<AppliedMigration[]> {
  try {
    return (await client.query<AppliedMigration>(APPLIED)).rows;
  } catch (error) {
    if (sqlStateOf(error) === UNDEFINED_TABLE) return [];
    throw error;
  }
}

function refuseNewer(applied: readonly AppliedMigration[], known: readonly string[]): void {
  const unknown = applied.filter(({ name, required }) => required && !known.includes(name));
  if (unknown.length === 0) return;
  const names = list(unknown.map(({ name }) => name));
  throw new SchemaMismatch(
    `The database schema is newer than this release: gateways must know ${names}. Start the release that migrated the database, or a newer one.`,
  );
}

/** Names the first and the number of the others. */
function list([first, ...others]: readonly string[]): string {
  return others.length === 0 ? `${first}` : `${first} and ${others.length} more`;
}
