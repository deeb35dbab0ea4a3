import { StartError } from '../errors/start-error.js';
import { isPooled, withConnection } from './connection.js';

/** Timeout of connecting to the server and of asking for a lock, in ms. */
const ANSWER_DEADLINE_MS = 5_000;

/** Takes PostgreSQL's advisory lock of a key, a signed 64-bit number. @returns false while another session holds it. */
export type TryLock = (key: bigint) => Promise<boolean>;

/**
 * Runs work that can take advisory locks. A separate connection holds them, so they are released when it ends, also by a crash.
 *
 * @throws {StartError} on a connection to a pooler, which would keep the locks.
 */
export function withLocks<Result>(
  databaseUrl: string,
  work: (tryLock: TryLock) => Promise<Result>,
): Promise<Result> {
  const deadlines = { connectionTimeoutMillis: ANSWER_DEADLINE_MS, query_timeout: ANSWER_DEADLINE_MS };
  return withConnection(databaseUrl, deadlines, async (client) => {
    if (await isPooled(client)) {
      throw new StartError(
        'The database address is that of a connection pooler. Set DATABASE_DIRECT_URL to the address of PostgreSQL itself.',
      );
    }
    return work(async (key) => {
      const statement = 'select pg_try_advisory_lock($1) as locked';
      const { rows } = await client.query<{ locked: boolean }>(statement, [key.toString()]);
      return rows[0]?.locked === true;
    });
  });
}
