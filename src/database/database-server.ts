import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.js';

/**
 * Starts the embedded PostgreSQL of the data folder if it does not run. With `databaseUrl`, that server is used instead.
 *
 * @param onRun - called each time a program of the embedded PostgreSQL has been started, and runs beside it.
 */
export async function startDatabaseServer(
  { databaseUrl, dataDir }: { readonly databaseUrl: string | undefined; readonly dataDir: string },
  onRun?: () => void,
): Promise<EmbeddedPostgres> {
  return databaseUrl === undefined
    ? await startEmbeddedPostgres(dataDir, {}, onRun)
    : { url: databaseUrl, stop: async () => {} };
}
