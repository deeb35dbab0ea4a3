import { type MikroORM } from '@mikro-orm/postgresql';
import { type SecretBox } from '../auth/secret-box.js';
import { openSecretBox } from '../auth/secrets-keys.js';
import { readConfig } from '../config/config.js';
import { openDatabase } from '../orm/database.js';
import { type CommandIo } from './command-io.js';

/** The resources of a command. */
export interface Session {
  readonly databaseUrl: string;
  readonly orm: MikroORM;
  /** Opens the keys that the gateway also uses. */
  readonly secretBox: () => Promise<SecretBox>;
}

/**
 * Runs a command on the configured database, concurrently with gateways that use it.
 *
 * @throws if migrations are pending.
 */
export async function withDatabase<Result>(
  { env }: CommandIo,
  run: (session: Session) => Promise<Result>,
): Promise<Result> {
  const config = readConfig(env);
  const database = await openDatabase(config);
  const { orm } = database;
  try {
    // The migrator treats an unreachable database as an empty one.
    await orm.em.getConnection().execute('select 1');
    const pending = await orm.migrator.getPending();
    if (pending.length > 0) {
      throw new Error(
        'The database schema is out of date. Run `customer-gateway migrate`, or start the gateway.',
      );
    }
    return await run({ databaseUrl: database.url, orm, secretBox: () => openSecretBox(config) });
  } finally {
    await database.close();
  }
}
