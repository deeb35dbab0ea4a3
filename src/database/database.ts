import { type MikroORM } from '@mikro-orm/postgresql';
import { type Config } from '../config.js';
import { type EmbeddedPostgres, joinEmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.js';
import { openOrm } from './orm.js';

/** A connected database. */
export interface Database {
  readonly url: string;
  readonly orm: MikroORM;
  /** Ends the connections and stops the server if it is ours. */
  close(): Promise<void>;
}

/** Connects to `DATABASE_URL`, or to an embedded PostgreSQL that it starts in the data folder. */
export function openDatabase(config: Config): Promise<Database> {
  return connect(config, startEmbeddedPostgres);
}

/** The same for a command, which works beside a gateway: an embedded PostgreSQL that is running is joined. */
export function joinDatabase(config: Config): Promise<Database> {
  return connect(config, joinEmbeddedPostgres);
}

async function connect(
  config: Config,
  embedded: (dataDir: string) => Promise<EmbeddedPostgres>,
): Promise<Database> {
  const server =
    config.databaseUrl === undefined
      ? await embedded(config.dataDir)
      : { url: config.databaseUrl, stop: async () => {} };
  const orm = await openOrm(server.url, config.databasePool);
  return {
    url: server.url,
    orm,
    async close() {
      await orm.close();
      await server.stop();
    },
  };
}
