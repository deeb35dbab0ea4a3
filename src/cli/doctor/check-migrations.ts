import type pg from 'pg';
import {
  isIndexBuild,
  MIGRATIONS_TABLE,
  pendingMigrations,
  pendingTableMigrations,
} from '../../orm/pending-migrations.js';
import { refuseNewerSchema } from '../../orm/schema-state.js';
import { type Finding, failed, ok, warning } from './check.js';
import { onlyRow } from './only-row.js';

const MIGRATE = 'Run `customer-gateway migrate`, or start the gateway.';

/** The table in which graphile-worker lists what it applied. */
const JOBS_MIGRATIONS_TABLE = 'graphile_worker.migrations';

/** `unreadable`: the list of applied migrations that the role has no permission to read. */
export type MigrationState =
  | 'not migrated'
  | { readonly unreadable: string }
  | {
      /** Migrations that the gateway needs. */
      readonly pending: readonly string[];
      /** Index builds, without which the gateway is slower. */
      readonly indexBuilds: readonly string[];
    };

/**
 * Reads which migrations the database lacks. Changes nothing.
 *
 * @throws {SchemaMismatch} if the schema is newer than this release.
 */
export async function readMigrations(client: pg.Client): Promise<MigrationState> {
  // `to_regclass` fails on a schema that the role may not use.
  const { exists, isReadable, jobsAreReadable } = await onlyRow<{
    exists: boolean;
    isReadable: boolean;
    jobsAreReadable: boolean;
  }>(
    client,
    `select found is not null as exists, has_table_privilege(found, 'SELECT') is true as "isReadable",
       jobs is null or has_schema_privilege(jobs, 'USAGE') and coalesce((
         select has_table_privilege(oid, 'SELECT') from pg_class where relnamespace = jobs and relname = 'migrations'
       ), true) as "jobsAreReadable"
     from to_regclass('${MIGRATIONS_TABLE}') as found, to_regnamespace('graphile_worker') as jobs`,
  );
  if (!exists) return 'not migrated';
  if (!isReadable) return { unreadable: MIGRATIONS_TABLE };
  await refuseNewerSchema(client);
  const lacking = jobsAreReadable ? await pendingMigrations(client) : await pendingTableMigrations(client);
  const pending = lacking.filter((name) => !isIndexBuild(name));
  if (!jobsAreReadable && pending.length === 0) return { unreadable: JOBS_MIGRATIONS_TABLE };
  return { pending, indexBuilds: lacking.filter(isIndexBuild) };
}

export function describeMigrations(state: MigrationState): Finding {
  if (state === 'not migrated') return failed(`The database is not migrated. ${MIGRATE}`);
  if ('unreadable' in state)
    return failed(`The role in DATABASE_URL has no permission to read ${state.unreadable}.`);
  const { pending, indexBuilds } = state;
  if (pending.length > 0) {
    return failed(`The database has pending migrations: ${pending.join(', ')}. ${MIGRATE}`);
  }
  if (indexBuilds.length > 0) {
    return warning(
      `Index builds are pending: ${indexBuilds.join(', ')}. The gateway is slower without them. Run \`customer-gateway migrate\`.`,
    );
  }
  return ok('All migrations are applied.');
}
