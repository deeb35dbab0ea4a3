import { type MikroORM } from '@mikro-orm/postgresql';
import type pg from 'pg';
import { type Config } from '../config/config.js';
import { startDatabaseServer } from '../database/database-server.js';
import { openListPool } from '../database/list-pool.js';
import { openOrm } from './orm.js';
import { splitPool } from '../database/pool-settings.js';

/** A connected database. */
export interface Database {
  /** Address of PostgreSQL itself, not of a connection pooler. */
  readonly directUrl: string;
  readonly orm: MikroORM;
  /** Connections of their own for lists, with a short deadline. */
  readonly lists: pg.Pool;
  /** Ends the connections. */
  close(): Promise<void>;
}

/**
 * Connects a command to PostgreSQL itself, or to the embedded PostgreSQL of the data folder, which is started if it does not run.
 * `close` also stops an embedded server that no other process uses.
 */
export async function openDatabase(config: Config): Promise<Database> {
  const server = await startDatabaseServer(config);
  try {
    const url = config.databaseDirectUrl ?? server.url;
    const database = await connectDatabase(url, {
      databaseDirectUrl: undefined,
      databasePool: { ...config.databasePool, pooler: undefined },
    });
    return {
      ...database,
      async close() {
        await database.close();
        await server.stop();
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Opens the connection pools of a server that runs, or of a pooler. */
export async function connectDatabase(
  url: string,
  { databasePool, databaseDirectUrl }: Pick<Config, 'databasePool' | 'databaseDirectUrl'>,
): Promise<Database> {
  const { main, lists: listSettings } = splitPool(databasePool);
  const orm = await openOrm(url, main);
  const lists = await openListPool(orm, listSettings);
  return {
    directUrl: databaseDirectUrl ?? url,
    orm,
    lists,
    async close() {
      await lists.end();
      await orm.close();
    },
  };
}
