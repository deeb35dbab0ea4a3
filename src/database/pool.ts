import { Socket } from 'node:net';
import type pg from 'pg';
import { GivenUp } from './given-up.js';
import { type PoolSettings } from './pool-settings.js';
import { limitShares } from './pool-shares.js';
import { retryFullServer } from './retry-full-server.js';
import { isStalePlan } from './stale-plan.js';
import { UnpreparedClient } from './unprepared-client.js';

/** Maximum queued statements per connection. Anything queued behind them would time out anyway. */
const WAITING_PER_CONNECTION = 100;

/**
 * How long an unused connection stays open, in ms. A new one can take 100 ms on a busy server, and a statement waits for it.
 * Less than the 350 s after which AWS's NAT gateways and load balancers drop an idle connection.
 */
const IDLE_MS = 300_000;

/** How much longer than the server's own statement timeout the gateway waits, in ms. A server that is alive responds within it. */
const SILENCE_MARGIN_MS = 500;

/**
 * The options of a pool. The server gets the timeouts in the start message of a connection, so they cost no round trip. A pooler
 * refuses or ignores them: behind one, the timeouts of the role apply.
 */
export function poolOptions({ max, waitMs, statementTimeoutMs, pooler }: PoolSettings): pg.PoolConfig {
  const common = { max, connectionTimeoutMillis: waitMs, idleTimeoutMillis: IDLE_MS };
  if (pooler) return pooler.preparedStatements ? common : { ...common, Client: UnpreparedClient };
  return {
    ...common,
    statement_timeout: statementTimeoutMs,
    // A transaction that the gateway cannot finish must not hold its locks.
    idle_in_transaction_session_timeout: statementTimeoutMs,
  };
}

/**
 * Adds limits that `pg` has no setting for: statements in the queue, connections of one client, and the time to wait for a
 * server that sends nothing.
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
 * Retries a statement whose prepared plan a migration has invalidated. The pool closes the connection after each error, so one
 * attempt more than there are connections reaches a new connection, which prepares the statement again.
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

/** Bounds the pool's queue, which `pg` does not. Statements, transactions and the ORM all connect here. */
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
 * Destroys a connection in use that has been silent for too long; its statement then fails. The `query_timeout` of `pg` rejects the
 * statement but keeps the connection, on which the statement is still running.
 */
function dropSilent(pool: pg.Pool, silenceMs: number): void {
  pool.on('acquire', ({ connection: { stream } }) => {
    if (!(stream instanceof Socket)) return;
    // Once for each connection.
    if (stream.listenerCount('timeout') === 0) {
      stream.on('timeout', () => {
        stream.destroy(new GivenUp('ETIMEDOUT', `PostgreSQL was silent for ${silenceMs} ms`));
      });
    }
    // Node restarts this timeout with every byte sent or received.
    stream.setTimeout(silenceMs);
  });
  pool.on('release', (_error, { connection: { stream } }) => {
    if (stream instanceof Socket) stream.setTimeout(0);
  });
}
