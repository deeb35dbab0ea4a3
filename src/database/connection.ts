import pg from 'pg';

/** The name of the gateway's connections in `pg_stat_activity`. */
export const APPLICATION_NAME = 'customer-gateway';

/** SQL: turns off the timeouts that the role or the database may have, for work of any length on a connection of its own. */
export const NO_TIMEOUTS =
  'set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = 0';

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

/**
 * Whether a pooler is between this connection and PostgreSQL. A pooler has its own process IDs: the one that the client got when it
 * connected is not the ID of the process that executes its statements.
 */
export async function isPooled(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]?.pid !== Reflect.get(client, 'processID');
}
