import type pg from 'pg';
import { isStalePlan } from './stale-plan.js';

/** Runs statements: the pool, or the connection of a transaction. */
export interface Executor {
  query<Row extends pg.QueryResultRow>(statement: pg.QueryConfig): Promise<pg.QueryResult<Row>>;
}

/**
 * Runs statements on one connection, all or none of them.
 *
 * @param begin - begins the transaction, and can set its settings in the same round trip.
 */
export async function inTransaction<Result>(
  pool: pg.Pool,
  run: (executor: Executor) => Promise<Result>,
  begin = 'begin',
): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(begin);
    const result = await run(client);
    await client.query('commit');
    return result;
  } catch (error) {
    // A connection whose plans are stale, or that cannot roll back, is not given to anyone else.
    if (isStalePlan(error)) broken = error;
    await client.query('rollback').catch((failure: Error) => (broken = failure));
    throw error;
  } finally {
    client.release(broken);
  }
}
