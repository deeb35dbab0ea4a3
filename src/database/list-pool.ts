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
  // The statement in progress fails by itself; without listeners the process would end.
  pool.on('connect', (client) => client.on('error', () => {}));
  pool.on('error', () => {});
  guardPool(pool, settings);
  return pool;
}
