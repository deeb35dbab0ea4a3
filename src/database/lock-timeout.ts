import pg from 'pg';

/** SQLSTATE of a statement that gave up the wait for a lock. */
export const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Runs a statement that has a `lock_timeout`. Unlike the pool's own `query`, it keeps the connection when the statement gives up
 * the wait for a lock, which can happen often.
 */
export async function queryWithLockTimeout<Row extends pg.QueryResultRow>(
  pool: pg.Pool,
  statement: pg.QueryConfig,
): Promise<pg.QueryResult<Row>> {
  const client = await pool.connect();
  let isBroken = false;
  try {
    return await client.query<Row>(statement);
  } catch (error) {
    isBroken = !(error instanceof pg.DatabaseError && error.code === LOCK_NOT_AVAILABLE);
    throw error;
  } finally {
    client.release(isBroken);
  }
}
