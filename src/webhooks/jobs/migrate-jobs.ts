import type pg from 'pg';
import { SchemaMismatch } from '../../errors/schema-mismatch.js';

type Queryable = Pick<pg.ClientBase, 'query'>;

/** The last migration of the installed graphile-worker; a test compares them. */
export const JOBS_SCHEMA = 20;

/**
 * graphile-worker turns row-level security on and adds no policy, so that only the owner of its tables could add and run jobs.
 * Without it, grants decide, as for all other tables.
 */
const OPEN_TABLES = `
do $$
declare
  secured regclass;
begin
  for secured in select oid from pg_class where relnamespace = 'graphile_worker'::regnamespace and relrowsecurity loop
    execute format('alter table %s disable row level security', secured);
  end loop;
end
$$`;

/** Applies the migrations of graphile-worker, in the schema `graphile_worker`. Its modules are loaded only if there are any. */
export async function migrateJobs(pool: pg.Pool): Promise<void> {
  if (await jobsAreMigrated(pool)) return;
  const { Logger, runMigrations } = await import('graphile-worker');
  await runMigrations({ pgPool: pool, logger: new Logger(() => () => {}) });
  await pool.query(OPEN_TABLES);
}

/** Whether the migrations of graphile-worker are applied. The role must have the privileges of a gateway. */
export async function jobsAreMigrated(client: Queryable): Promise<boolean> {
  const { rows } = await client.query<{ exists: boolean; isSecured: boolean }>(
    `select to_regclass('graphile_worker.migrations') is not null as exists,
       exists (
         select from pg_class join pg_namespace on pg_namespace.oid = relnamespace
         where nspname = 'graphile_worker' and relrowsecurity
       ) as "isSecured"`,
  );
  if (rows[0]?.exists !== true || rows[0].isSecured) return false;
  const applied = await client.query<{ last: number | null }>(
    'select max(id) as last from graphile_worker.migrations',
  );
  return (applied.rows[0]?.last ?? 0) >= JOBS_SCHEMA;
}

/**
 * @throws {SchemaMismatch} if a newer graphile-worker has applied a migration that it calls breaking. The installed one must then
 *   not run jobs; events are still stored with their jobs.
 */
export async function refuseNewerJobs(client: Queryable): Promise<void> {
  const { rows } = await client.query<{ last: number | null }>(
    'select max(id) as last from graphile_worker.migrations where breaking',
  );
  const last = rows[0]?.last ?? 0;
  if (last <= JOBS_SCHEMA) return;
  throw new SchemaMismatch(
    `The schema graphile_worker is newer than this release: it has the breaking migration ${last}, and this release knows ${JOBS_SCHEMA}. Webhooks are delivered by workers of the release that migrated it, or a newer one.`,
  );
}
