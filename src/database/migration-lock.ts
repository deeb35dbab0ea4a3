import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { APPLICATION_NAME } from './orm.js';

/** The key of the advisory lock that whoever migrates holds; any number will do that nobody else uses. */
const LOCK_KEY = 4_201_126_111;

/** How often one who waits asks again, in ms. */
const ASK_INTERVAL_MS = 250;

/** How long the server may take to let us in and to answer about the lock, in ms. */
const ANSWER_DEADLINE_MS = 5_000;

/** How one who has to wait takes it. */
export interface Waiting {
  /** Called once, if another holds the lock. */
  readonly onWait?: () => void;
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Does some work while nobody else does it on the same database. The lock is held by a connection of its own: it
 * is free as soon as that ends, however it does.
 *
 * One who waits asks again and again: a statement that waited in the server would hold up `create index concurrently`.
 *
 * @throws the signal's reason when it is given while we wait.
 */
export async function withMigrationLock<Result>(
  databaseUrl: string,
  work: () => Promise<Result>,
  { onWait, signal }: Waiting,
): Promise<Result> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: APPLICATION_NAME,
    connectionTimeoutMillis: ANSWER_DEADLINE_MS,
    query_timeout: ANSWER_DEADLINE_MS,
  });
  // Whoever asks next is told; without a listener the process would end.
  client.on('error', () => {});
  try {
    await client.connect();
    let isFirst = true;
    while (!(await tryLock(client))) {
      if (isFirst) onWait?.();
      isFirst = false;
      await sleep(ASK_INTERVAL_MS, undefined, { signal });
    }
    return await work();
  } finally {
    await client.end();
  }
}

async function tryLock(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [
    LOCK_KEY,
  ]);
  return rows[0]?.locked === true;
}
