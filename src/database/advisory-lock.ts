import { withConnection } from './connection.js';

/** How long the server may take to let us in and to answer about a lock, in ms. */
const ANSWER_DEADLINE_MS = 5_000;

/** Takes PostgreSQL's advisory lock of a key, a signed 64-bit number. @returns false while another one holds it. */
export type TryLock = (key: bigint) => Promise<boolean>;

/**
 * Does some work that can take advisory locks. They are held by a connection of its own: they are free as soon as that
 * ends, however it does.
 */
export function withLocks<Result>(
  databaseUrl: string,
  work: (tryLock: TryLock) => Promise<Result>,
): Promise<Result> {
  const deadlines = { connectionTimeoutMillis: ANSWER_DEADLINE_MS, query_timeout: ANSWER_DEADLINE_MS };
  return withConnection(databaseUrl, deadlines, (client) =>
    work(async (key) => {
      const statement = 'select pg_try_advisory_lock($1) as locked';
      const { rows } = await client.query<{ locked: boolean }>(statement, [key.toString()]);
      return rows[0]?.locked === true;
    }),
  );
}
