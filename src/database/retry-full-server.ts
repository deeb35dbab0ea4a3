import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { codeOf } from '../errors/code-of.js';

/** SQLSTATE of a server, database or role whose connections are all in use (PostgreSQL, appendix A). */
const TOO_MANY_CONNECTIONS = '53300';

/** How long a request for a connection pauses between attempts, in ms. Random, so that gateways do not ask in step. */
const MIN_PAUSE_MS = 50;
const MAX_PAUSE_MS = 150;

type Connected = (
  error: unknown,
  client: pg.PoolClient | undefined,
  done: (error?: Error | boolean) => void,
) => void;

/**
 * Has requests for a connection wait while the server refuses new ones because others use them all, as they wait for a
 * connection of the pool. `pg` fails at once.
 *
 * @param waitMs - the longest wait, in ms. Then the request fails with the server's error.
 * @param maxWaiting - requests that wait at once. More fail with the server's error at once.
 */
export function retryFullServer(pool: pg.Pool, waitMs: number, maxWaiting: number): void {
  // oxlint-disable-next-line typescript/unbound-method -- called on its pool below
  const { connect } = pool;
  let waiting = 0;
  const attempt = (): Promise<pg.PoolClient> => Reflect.apply(connect, pool, []);

  const wait = async (refusal: unknown, deadline: number): Promise<pg.PoolClient> => {
    if (waiting >= maxWaiting) throw refusal;
    waiting += 1;
    try {
      for (;;) {
        const pause = MIN_PAUSE_MS + Math.random() * (MAX_PAUSE_MS - MIN_PAUSE_MS);
        if (performance.now() + pause >= deadline) throw refusal;
        await sleep(pause);
        try {
          return await beforeDeadline(attempt(), deadline, refusal);
        } catch (error) {
          if (codeOf(error) !== TOO_MANY_CONNECTIONS) throw error;
        }
      }
    } finally {
      waiting -= 1;
    }
  };
  const connectWaiting = async (): Promise<pg.PoolClient> => {
    const deadline = performance.now() + waitMs;
    try {
      return await attempt();
    } catch (error) {
      if (codeOf(error) !== TOO_MANY_CONNECTIONS) throw error;
      return wait(error, deadline);
    }
  };
  const waitingConnect = (connected?: Connected): unknown => {
    const connecting = connectWaiting();
    if (!connected) return connecting;
    return callBack(connecting, connected);
  };
  Object.assign(pool, { connect: waitingConnect });
}

/** Tells the outcome as the pool does. */
async function callBack(connecting: Promise<pg.PoolClient>, connected: Connected): Promise<void> {
  let client: pg.PoolClient;
  try {
    client = await connecting;
  } catch (error) {
    connected(error, undefined, () => {});
    return;
  }
  connected(undefined, client, (error) => {
    client.release(error);
  });
}

/** The client that comes in time. A later one goes back to its pool. */
async function beforeDeadline(
  connecting: Promise<pg.PoolClient>,
  deadline: number,
  refusal: unknown,
): Promise<pg.PoolClient> {
  const timeout = new AbortController();
  const late = sleep(deadline - performance.now(), undefined, { signal: timeout.signal }).then(
    () => 'late' as const,
    () => 'late' as const,
  );
  const first = await Promise.race([connecting, late]).finally(() => {
    timeout.abort();
  });
  if (first !== 'late') return first;
  void giveBack(connecting);
  throw refusal;
}

async function giveBack(connecting: Promise<pg.PoolClient>): Promise<void> {
  try {
    (await connecting).release();
  } catch {
    // Nothing to give back.
  }
}
