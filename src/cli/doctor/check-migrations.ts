import { type MikroORM } from '@mikro-orm/postgresql';
import type pg from 'pg';
import { type Finding, failed, ok } from './check.js';
import { onlyRow } from './only-row.js';

/** The table in which the migrator lists what it applied. */
export const MIGRATIONS_TABLE = 'mikro_orm_migrations';

const MIGRATE = 'Run `customer-gateway migrate`, or start the gateway.';

/** `unreadable`: the role has no permission to read the list of applied migrations. */
export type MigrationState = 'not migrated' | 'unreadable' | { readonly pending: readonly string[] };

/** Reads which migrations the database lacks. Changes nothing. */
export async function readMigrations(orm: MikroORM, client: pg.Client): Promise<MigrationState> {
  // The migrator creates its table if there is none, and takes a list that it may not read for an empty one.
  const { exists, isReadable } = await onlyRow<{ exists: boolean; isReadable: boolean }>(
    client,
    `select found is not null as exists, has_table_privilege(found, 'SELECT') is true as "isReadable"
     from to_regclass('${MIGRATIONS_TABLE}') as found`,
  );
  if (!exists) return 'not migrated';
  if (!isReadable) return 'unreadable';
  return { pending: (await orm.migrator.getPending()).map(({ name }) => name) };
}

export function describeMigrations(state: MigrationState): Finding {
  if (state === 'not migrated') return failed(`The database is not migrated. ${MIGRATE}`);
  if (state === 'unreadable')
    return failed(`The role in DATABASE_URL has no permission to read ${MIGRATIONS_TABLE}.`);
  if (state.pending.length === 0) return ok('All migrations are applied.');
  return failed(`The database has pending migrations: ${state.pending.join(', ')}. ${MIGRATE}`);
}
