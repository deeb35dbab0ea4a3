import pg from 'pg';

/** The name of the gateway's connections in `pg_stat_activity`. */
export const APPLICATION_NAME = 'customer-gateway';

/**
 * Runs work on a separate connection, which is closed afterwards, also after an error.
 *
 * @param options - timeouts of the connection, in ms, and other options of `pg`.
 */
export async function withConnection<Result>(
  databaseUrl: string,
  options: pg.ClientConfig,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({
    ...options,
    connectionString: databaseUrl,
    application_name: APPLICATION_NAME,
  });
  // The next statement reports the error. Without a listener the process would exit.
  client.on('error', () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
  }
}
