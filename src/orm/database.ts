import { type MikroORM } from '@mikro-orm/postgresql';
import type pg from 'pg';
import { type Config } from '../config/config.js';
import { startEmbeddedPostgres } from '../database/embedded-postgres.js';
import { openListPool } from '../database/list-pool.js';
import { openOrm } from './orm.js';
import { splitPool } from '../database/pool-settings.js';

/** A connected database. */
export interface Database {
  readonly url: string;
  readonly orm: MikroORM;
  /** Connections of their own for lists, with a short deadline. */
  readonly lists: pg.Pool;
  /** Ends the connections, and stops an embedded server that no other process uses. */
  close(): Promise<void>;
}

/** Connects to `DATABASE_URL`, or to the embedded PostgreSQL of the data folder, which is started if it does not run. */
export async function openDatabase(config: Config): Promise<Database> {
  const server =
    config.databaseUrl === undefined
      ? await startEmbeddedPostgres(config.dataDir)
      : { url: config.databaseUrl, stop: async () => {} };
  const { main, lists: listSettings } = splitPool(config.databasePool);
  let orm: MikroORM;
  let lists: pg.Pool;
  try {
    orm = await openOrm(server.url, main);
    lists = await openListPool(orm, listSettings);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return {
    url: server.url,
    orm,
    lists,
    async close() {
      await lists.end();
      await orm.close();
      await server.stop();
    },
  };
}
