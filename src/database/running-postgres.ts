import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '../errors/code-of.js';
import { withConnection } from './connection.js';
import { readIfPresent } from '../files/data-folder.js';
import { POSTGRES_USER } from './postgres-programs.js';

/** SQLSTATEs of a server that runs and refuses connections (PostgreSQL, appendix A): it is starting or stopping; it is full. */
const CANNOT_CONNECT_NOW = '57P03';
const TOO_MANY_CONNECTIONS = '53300';

/** The message of `pg` when a server accepts a connection and does not answer; it has no code. */
const SILENT = 'timeout expired';

/** How often a server that is starting or stopping is asked again, in ms, and for how long. */
const ASK_INTERVAL_MS = 100;
const ASK_TIMES = 600;

/** How long a server may take to accept a connection. */
const TIMEOUT = { connectionTimeoutMillis: 5_000 };

/** How long a session may take to end, in ms. */
const SESSION_END_MS = 5_000;

/** The server that runs on a cluster. */
export interface RunningPostgres {
  readonly port: number;
  /** Why no session can be opened, or undefined when one can. */
  readonly refusal?: Error;
}

/** The server that runs on a cluster, or undefined when none does. `postmaster.pid` may be stale. */
export async function findRunning(cluster: string, password: string): Promise<RunningPostgres | undefined> {
  for (let asked = 1; ; asked += 1) {
    const port = await portOf(cluster);
    if (port === undefined) return undefined;
    try {
      await withConnection(addressOf(port, password, 'postgres'), TIMEOUT, async () => {});
      return { port };
    } catch (error) {
      // Anything else: the file is stale, and PostgreSQL itself deals with it.
      if (!(error instanceof Error) || !isRefusal(error)) return undefined;
      if (codeOf(error) !== CANNOT_CONNECT_NOW || asked === ASK_TIMES) return { port, refusal: error };
    }
    await sleep(ASK_INTERVAL_MS);
  }
}

const isRefusal = (error: Error) =>
  codeOf(error) === CANNOT_CONNECT_NOW || codeOf(error) === TOO_MANY_CONNECTIONS || error.message === SILENT;

/**
 * Ends every other session. The sessions of a killed process last until their statement ends, which may wait for a lock without
 * a timeout, and hold their own locks meanwhile.
 */
export async function endOtherSessions(port: number, password: string): Promise<void> {
  await withConnection(addressOf(port, password, 'postgres'), TIMEOUT, (client) =>
    client.query(
      `select pg_terminate_backend(pid, ${SESSION_END_MS}) from pg_stat_activity
       where backend_type = 'client backend' and pid <> pg_backend_pid()`,
    ),
  );
}

export function addressOf(port: number, password: string, database: string): string {
  return `postgresql://${POSTGRES_USER}:${password}@127.0.0.1:${port}/${database}`;
}

/** `postmaster.pid` holds the port in its fourth line (PostgreSQL, src/include/utils/pidfile.h). */
async function portOf(cluster: string): Promise<number | undefined> {
  const port = Number((await readIfPresent(join(cluster, 'postmaster.pid')))?.split('\n')[3]);
  return port || undefined;
}
