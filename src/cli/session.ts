import { type MikroORM } from '@mikro-orm/postgresql';
import { type SecretBox } from '../auth/secret-box.js';
import { openSecretBox } from '../auth/secrets-keys.js';
import { readConfig } from '../config/config.js';
import { openDatabase } from '../orm/database.js';
import { type CommandIo } from './command-io.js';

/** What a command works with. */
export interface Session {
  readonly databaseUrl: string;
  readonly orm: MikroORM;
  /** The box of the keys that the gateway has too. */
  readonly secretBox: () => Promise<SecretBox>;
}

/**
 * Runs a command on the configured database, beside the gateways that use it.
 *
 * @throws when the database lacks tables that the command counts on.
 */
export async function withDatabase<Result>(
  { env }: CommandIo,
  run: (session: Session) => Promise<Result>,
): Promise<Result> {
  const config = readConfig(env);
  const database = await openDatabase(config);
  const { orm } = database;
  try {
    // The migrator takes a database that it cannot reach for an empty one.
    await orm.em.getConnection().execute('select 1');
    const pending = await orm.migrator.getPending();
    if (pending.length > 0) {
      throw new Error(
        'The database is not migrated to this version: run `customer-gateway migrate`, or start the gateway.',
      );
    }
    return await run({ databaseUrl: database.url, orm, secretBox: () => openSecretBox(config) });
  } finally {
    await database.close();
  }
}
