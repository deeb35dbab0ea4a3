import { Socket } from 'node:net';
import type pg from 'pg';
import { GivenUp } from './given-up.js';
import { type PoolSettings } from './pool-settings.js';
import { limitShares } from './pool-shares.js';
import { retryFullServer } from './retry-full-server.js';
import { isStalePlan } from './stale-plan.js';

/** Statements that may wait for each connection. Who stands farther back would hardly get one in time. */
const WAITING_PER_CONNECTION = 100;

/**
 * How long an unused connection stays open, in ms. A new one can take 100 ms on a busy server, and a statement waits for it.
 * Less than the 350 s after which AWS's NAT gateways and load balancers drop an idle connection.
 */
const IDLE_MS = 300_000;

/** How much longer than the server's own deadline we wait for its answer, in ms: a server that lives gives one. */
const SILENCE_MARGIN_MS = 500;

/** What the server is told of the deadlines when a connection starts: it costs no round trip. */
export function poolOptions({ max, waitMs, statementTimeoutMs }: PoolSettings): pg.PoolConfig {
  return {
    max,
    connectionTimeoutMillis: waitMs,
    idleTimeoutMillis: IDLE_MS,
    statement_timeout: statementTimeoutMs,
    // A transaction of ours that we cannot go on with must not hold its locks.
    idle_in_transaction_session_timeout: statementTimeoutMs,
  };
}

/**
 * Adds what `pg` has no setting for: a bound on how many wait and on the connections of one client, and an end to waiting for
 * a server that is silent.
 */
export function guardPool(pool: pg.Pool, settings: PoolSettings): void {
  const maxWaiting = settings.max * WAITING_PER_CONNECTION;
  retryFullServer(pool, settings.waitMs, maxWaiting);
  boundWaiting(pool, maxWaiting);
  limitShares(pool, { ...settings, maxWaiting });
  dropSilent(pool, settings.statementTimeoutMs + SILENCE_MARGIN_MS);
  retryStalePlans(pool, settings.max);
}

/**
 * Sends a statement again whose plan a migration made stale. The pool closes the connection after every error, so one more
 * attempt than there are connections meets one that prepares anew.
 */
function retryStalePlans(pool: pg.Pool, max: number): void {
  // oxlint-disable-next-line typescript/unbound-method -- called on its pool below
  const { query } = pool;
  const retrying = async (...args: unknown[]): Promise<unknown> => {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await Reflect.apply(query, pool, args);
      } catch (error) {
        if (!isStalePlan(error) || attempt >= max) throw error;
      }
    }
  };
  Object.assign(pool, { query: retrying });
}

type Connected = (error: Error | undefined, client: pg.PoolClient | undefined, done: () => void) => void;

/** The pool's queue has no bound of its own, and all that use the pool pass here: statements, transactions, the ORM. */
function boundWaiting(pool: pg.Pool, max: number): void {
  // oxlint-disable-next-line typescript/unbound-method -- called on its pool below
  const { connect } = pool;
  const bounded = (connected?: Connected): unknown => {
    if (pool.waitingCount < max) return Reflect.apply(connect, pool, connected ? [connected] : []);
    const error = new GivenUp('POOL_EXHAUSTED', `${max} statements wait for a connection already`);
    if (!connected) return Promise.reject(error);
    return connected(error, undefined, () => {});
  };
  Object.assign(pool, { connect: bounded });
}

/**
 * Destroys a connection in use over which nothing has come or gone for too long: whatever waits for it fails then. `pg`'s
 * own `query_timeout` gives up the statement and keeps the connection, with the statement under way.
 */
function dropSilent(pool: pg.Pool, silenceMs: number): void {
  pool.on('acquire', ({ connection: { stream } }) => {
    if (!(stream instanceof Socket)) return;
    // Here and not when it connects: the ORM has made a connection by the time that we get at its pool.
    if (stream.listenerCount('timeout') === 0) {
      stream.on('timeout', () => {
        stream.destroy(new GivenUp('ETIMEDOUT', `PostgreSQL was silent for ${silenceMs} ms`));
      });
    }
    // Node's own clock of a socket starts anew with everything that comes or goes.
    stream.setTimeout(silenceMs);
  });
  pool.on('release', (_error, { connection: { stream } }) => {
    if (stream instanceof Socket) stream.setTimeout(0);
  });
}
