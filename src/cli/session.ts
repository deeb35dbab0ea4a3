import { type SecretBox } from '../auth/secret-box.js';
import { openSecretBox } from '../auth/secrets-keys.js';
import { readConfig } from '../config/config.js';
import { type Database, openDatabase } from '../orm/database.js';
import { requireMigrated } from '../orm/schema-state.js';
import { type CommandIo } from './command-io.js';

/** The resources of a command. */
export interface Session extends Pick<Database, 'orm' | 'lists'> {
  /** Address of PostgreSQL itself, for connections of the command's own. */
  readonly databaseUrl: string;
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
  const { directUrl, orm, lists } = database;
  try {
    await requireMigrated(await orm.em.getConnection().getNativeClient());
    return await run({ databaseUrl: directUrl, orm, lists, secretBox: () => openSecretBox(config) });
  } finally {
    await database.close();
  }
}
