import { type FastifyBaseLogger } from 'fastify';
import type pg from 'pg';
import { isDatabaseOutage, isPoolExhausted } from '../errors/database-outage.js';

/** The interval between checks of an unavailable server, in ms. */
const CHECK_INTERVAL_MS = 1_000;

type Connected = (error: Error | undefined, client: pg.PoolClient | undefined, done: () => void) => void;

/**
 * Logs once that PostgreSQL is unavailable, and once that it is available again. An outage is noticed when a connection is
 * requested or an idle one ends, and its end by a query every second.
 *
 * @returns a function that ends the watch.
 */
export function watchPool(pool: pg.Pool, log: FastifyBaseLogger): () => void {
  let checking: NodeJS.Timeout | undefined;
  let isEnded = false;
  const check = () => {
    // `onConnect` below sees the connection or its error.
    pool.query('select 1').catch(() => {});
  };
  const lost = (error: unknown) => {
    if (checking || isEnded) return;
    log.warn({ err: error }, 'PostgreSQL is unavailable');
    checking = setInterval(check, CHECK_INTERVAL_MS).unref();
  };
  const found = () => {
    if (!checking) return;
    clearInterval(checking);
    checking = undefined;
    log.info('PostgreSQL is available again');
  };
  onConnect(pool, (error) => {
    if (error === undefined) found();
    else if (isDatabaseOutage(error) && !isPoolExhausted(error)) lost(error);
  });
  pool.on('error', check);
  return () => {
    isEnded = true;
    clearInterval(checking);
    pool.off('error', check);
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
