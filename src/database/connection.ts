import pg from 'pg';

/** The name of the gateway's connections in `pg_stat_activity`. */
export const APPLICATION_NAME = 'customer-gateway';

/**
 * Options of PostgreSQL, sent in the start message of a connection, that turn off the timeouts of the role and the database. For
 * work that may take any time. A pooler refuses them.
 */
export const NO_TIMEOUTS = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout']
  .map((timeout) => `-c ${timeout}=0`)
  .join(' ');

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
