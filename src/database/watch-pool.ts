import { type FastifyBaseLogger } from 'fastify';
import type pg from 'pg';
import { isDatabaseOutage, isPoolExhausted } from '../errors/database-outage.js';

/** How often a server that does not answer is asked again, in ms. */
const ASK_INTERVAL_MS = 1_000;

type Connected = (error: Error | undefined, client: pg.PoolClient | undefined, done: () => void) => void;

/**
 * Logs once that PostgreSQL does not answer, and once that it answers again. An outage is noticed when a connection is
 * asked for, or ends while it is idle; its end, by asking every second.
 *
 * @returns how to end it.
 */
export function watchPool(pool: pg.Pool, log: FastifyBaseLogger): () => void {
  let asking: NodeJS.Timeout | undefined;
  let isEnded = false;
  const ask = () => {
    // The connection that it asks for tells.
    pool.query('select 1').catch(() => {});
  };
  const lost = (error: unknown) => {
    if (asking || isEnded) return;
    log.warn({ err: error }, 'PostgreSQL does not answer');
    asking = setInterval(ask, ASK_INTERVAL_MS).unref();
  };
  const found = () => {
    if (!asking) return;
    clearInterval(asking);
    asking = undefined;
    log.info('PostgreSQL answers again');
  };
  onConnect(pool, (error) => {
    if (error === undefined) found();
    else if (isDatabaseOutage(error) && !isPoolExhausted(error)) lost(error);
  });
  pool.on('error', ask);
  return () => {
    isEnded = true;
    clearInterval(asking);
    pool.off('error', ask);
  };
}

/** Calls back each time that the pool has given a connection, or failed to. Statements and transactions pass here too. */
function onConnect(pool: pg.Pool, note: (error?: unknown) => void): void {
  // oxlint-disable-next-line typescript/unbound-method -- called on its pool below
  const { connect } = pool;
  const connectNoted = async (): Promise<unknown> => {
    try {
      const client: unknown = await Reflect.apply(connect, pool, []);
      note();
      return client;
    } catch (error) {
      note(error);
      throw error;
    }
  };
  const noted = (connected?: Connected): unknown => {
    if (connected) {
      const withNote: Connected = (error, client, done) => {
        note(error);
        connected(error, client, done);
      };
      return Reflect.apply(connect, pool, [withNote]);
    }
    return connectNoted();
  };
  Object.assign(pool, { connect: noted });
}
