import { changeRecorder, type RecordChange } from '../audit/record-change.js';
import { type SecretBox } from '../auth/secret-box.js';
import { openSecretBox } from '../auth/secrets-keys.js';
import { readConfig } from '../config/config.js';
import { type Database, openDatabase } from '../orm/database.js';
import { requireMigrated } from '../orm/schema-state.js';
import { type AuditOptions } from './audited.js';
import { type CommandIo } from './command-io.js';
import { operatorOf } from './operator-of.js';

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

/** The resources of a command that changes something. */
export interface AuditedSession extends Session {
  /** Adds a change to the audit log. */
  readonly recordChange: RecordChange;
}

/**
 * Runs a command that changes something, as {@link withDatabase} does. The command passes `recordChange` to the function that makes
 * the change, which calls it in its transaction.
 *
 * @param action - the words of the command, joined by a period.
 */
export async function withAudit<Result>(
  io: CommandIo,
  options: AuditOptions,
  action: string,
  run: (session: AuditedSession) => Promise<Result>,
): Promise<Result> {
  const recordChange = changeRecorder(await operatorOf(io, options), action);
  return withDatabase(io, (session) => run({ ...session, recordChange }));
}
