import { type MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { guardPool, poolOptions } from './pool.js';
import { type PoolSettings } from './pool-settings.js';
import { inTransaction } from './transaction.js';

/** One list would otherwise use several processors of the server, and creates would wait for them. */
const ONE_PROCESS = 'max_parallel_workers_per_gather = 0';

/**
 * Opens a pool on the ORM's database for statements with a deadline of their own. PostgreSQL keeps a deadline per connection;
 * to change it for one statement would cost a round trip.
 */
export async function openListPool(orm: MikroORM, settings: PoolSettings): Promise<pg.Pool> {
  const { options } = await orm.em.getConnection().getNativeClient();
  // `pg` hides the password from copies.
  const pool = new pg.Pool({ ...options, password: options.password, ...poolOptions(settings) });
  pool.on('connect', (client) => {
    // The statement in progress fails by itself; without a listener the process would end.
    client.on('error', () => {});
    if (!settings.pooler) client.query(`set ${ONE_PROCESS}`).catch(() => {});
  });
  pool.on('error', () => {});
  if (settings.pooler) setInTransactions(pool, settings);
  guardPool(pool, settings);
  return pool;
}

/**
 * Runs each statement in a transaction with the settings of lists. Behind a pooler, a setting of the session would apply to the
 * statements of others. Costs two round trips to the pooler.
 */
function setInTransactions(pool: pg.Pool, { statementTimeoutMs }: PoolSettings): void {
  const begin = `begin read only; set local statement_timeout = ${statementTimeoutMs}; set local ${ONE_PROCESS}`;
  const query = (statement: pg.QueryConfig) =>
    inTransaction(pool, (executor) => executor.query(statement), begin);
  Object.assign(pool, { query });
}
