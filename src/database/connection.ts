import pg from 'pg';

/** The name of the gateway's connections in `pg_stat_activity`. */
export const APPLICATION_NAME = 'customer-gateway';

/**
 * Does some work on a connection of its own, beside the pool's; it ends with the work, however that does.
 *
 * @param options - its deadlines, in ms, and what else `pg` takes.
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
  // Whoever asks next is told; without a listener the process would end.
  client.on('error', () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
  }
}
