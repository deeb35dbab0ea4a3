import { type MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { guardPool, poolOptions } from './pool.js';
import { type PoolSettings } from './pool-settings.js';

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
    // One list would otherwise use several processors of the server, and creates would wait for them.
    client.query('set max_parallel_workers_per_gather = 0').catch(() => {});
  });
  pool.on('error', () => {});
  guardPool(pool, settings);
  return pool;
}
