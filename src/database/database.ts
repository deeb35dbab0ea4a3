import { type MikroORM } from '@mikro-orm/postgresql';
import { type Config } from '../config.js';
import { startEmbeddedPostgres } from './embedded-postgres.js';
import { openOrm } from './orm.js';

/** A connected database. */
export interface Database {
  readonly url: string;
  readonly orm: MikroORM;
  /** Ends the connections, and stops an embedded server that no other process uses. */
  close(): Promise<void>;
}

/** Connects to `DATABASE_URL`, or to the embedded PostgreSQL of the data folder, which is started if it does not run. */
export async function openDatabase(config: Config): Promise<Database> {
  const server =
    config.databaseUrl === undefined
      ? await startEmbeddedPostgres(config.dataDir)
      : { url: config.databaseUrl, stop: async () => {} };
  let orm: MikroORM;
  try {
    orm = await openOrm(server.url, config.databasePool);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return {
    url: server.url,
    orm,
    async close() {
      await orm.close();
      await server.stop();
    },
  };
}
