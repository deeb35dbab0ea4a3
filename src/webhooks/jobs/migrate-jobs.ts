import { withConnection } from '../../database/connection.js';

/** The last migration of the installed graphile-worker; a test compares them. */
export const JOBS_SCHEMA = 20;

/** Applies the migrations of graphile-worker, in the schema `graphile_worker`. Its modules are loaded only if there are any. */
export async function migrateJobs(databaseUrl: string): Promise<void> {
  const applied = await withConnection(databaseUrl, {}, async (client) => {
    const table = await client.query<{ found: string | null }>(
      `select to_regclass('graphile_worker.migrations') as found`,
    );
    if (typeof table.rows[0]?.found !== 'string') return 0;
    const { rows } = await client.query<{ last: number }>(
      'select coalesce(max(id), 0) as last from graphile_worker.migrations',
    );
    return rows[0]?.last ?? 0;
  });
  if (applied >= JOBS_SCHEMA) return;
  const { Logger, runMigrations } = await import('graphile-worker');
  await runMigrations({ connectionString: databaseUrl, logger: new Logger(() => () => {}) });
}
