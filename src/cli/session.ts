import { type MikroORM } from '@mikro-orm/postgresql';
import type pg from 'pg';
import { type SecretBox } from '../auth/secret-box.js';
import { openSecretBox } from '../auth/secrets-keys.js';
import { readConfig } from '../config/config.js';
import { codeOf } from '../errors/code-of.js';
import { messageOf } from '../errors/message-of.js';
import { type Database, openDatabase } from '../orm/database.js';
import { jobsAreMigrated } from '../webhooks/jobs/migrate-jobs.js';
import { type CommandIo } from './command-io.js';

/** SQLSTATE (PostgreSQL, appendix A). */
const INSUFFICIENT_PRIVILEGE = '42501';

/** The resources of a command. */
export interface Session extends Pick<Database, 'orm' | 'lists'> {
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
  const { url, orm, lists } = database;
  try {
    await checkMigrations(orm);
    return await run({ databaseUrl: url, orm, lists, secretBox: () => openSecretBox(config) });
  } finally {
    await database.close();
  }
}

/** @throws if migrations are pending, or the role may not read which are applied. */
export async function checkMigrations(orm: MikroORM): Promise<void> {
  // The migrator treats an unreachable database as an empty one.
  const pool = await orm.em.getConnection().getNativeClient();
  await pool.query('select 1');
  const pending = await orm.migrator.getPending();
  if (pending.length === 0 && (await jobsAreReady(pool))) return;
  throw new Error(
    'The database schema is out of date. Run `customer-gateway migrate`, or start the gateway.',
  );
}

async function jobsAreReady(pool: Pick<pg.ClientBase, 'query'>): Promise<boolean> {
  try {
    return await jobsAreMigrated(pool);
  } catch (error) {
    if (codeOf(error) !== INSUFFICIENT_PRIVILEGE) throw error;
    throw new Error(
      `The role in DATABASE_URL lacks privileges (${messageOf(error)}). Run \`customer-gateway doctor\` to see the missing grants.`,
      { cause: error },
    );
  }
}
