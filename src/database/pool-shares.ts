import type pg from 'pg';
import { ClientShares } from '../concurrency/client-shares.js';
import { GivenUp } from './given-up.js';
import { clientOfStatement } from './statement-client.js';

/** The part of a pool's connections that one client may use at once. */
const SHARE = 0.75;

type Connected = (error: Error | undefined, client: pg.PoolClient | undefined, done: () => void) => void;

const sharesOf = new WeakMap<pg.Pool, ClientShares>();

/** Connections of a pool that one client may use at once: three quarters, and never all of several. */
export function shareOf(max: number): number {
  return Math.max(1, Math.min(Math.ceil(max * SHARE), max - 1));
}

/** Statements that wait for a connection, because the pool or the share of their client is used up. */
export function statementsWaiting(pool: pg.Pool): number {
  return pool.waitingCount + (sharesOf.get(pool)?.waiting ?? 0);
}

/** Limits of {@link limitShares}. */
interface ShareLimits {
  /** Connections of the pool. */
  readonly max: number;
  /** How long a statement may wait for its client's share and for a connection together, in ms. */
  readonly waitMs: number;
  /** Statements of one client that may wait for its share. */
  readonly maxWaiting: number;
}

/** A statement on its way to a connection. */
interface Attempt {
  state: 'waits' | 'connects' | 'gave up';
}

/** Bounds the connections of a pool that one client uses at once. */
export function limitShares(pool: pg.Pool, { max, waitMs, maxWaiting }: ShareLimits): void {
  const shares = new ClientShares(shareOf(max), maxWaiting);
  sharesOf.set(pool, shares);
  const held = new WeakMap<pg.PoolClient, () => void>();
  pool.on('release', (_error, client) => {
    held.get(client)?.();
    held.delete(client);
  });
  // oxlint-disable-next-line typescript/unbound-method -- called on its pool below
  const { connect } = pool;

  const connectFor = (clientId: string, connected: Connected): void => {
    const attempt: Attempt = { state: 'waits' };
    let timer: NodeJS.Timeout | undefined;
    const fail = (message: string) => {
      attempt.state = 'gave up';
      connected(new GivenUp('POOL_EXHAUSTED', message), undefined, () => {});
    };
    const hasPlace = shares.enter(clientId, (leave) => {
      if (attempt.state === 'gave up') {
        leave();
        return;
      }
      attempt.state = 'connects';
      const take: Connected = (error, client, done) => {
        clearTimeout(timer);
        if (client && attempt.state !== 'gave up') held.set(client, leave);
        else leave();
        if (attempt.state === 'gave up') done();
        else connected(error, client, done);
      };
      Reflect.apply(connect, pool, [take]);
    });
    if (!hasPlace) fail('Too many statements of this client wait for a connection');
    // A statement that need not wait for its share has the whole time for its connection, which the pool keeps.
    else if (attempt.state === 'waits') {
      timer = setTimeout(() => fail(`No connection was free within ${waitMs} ms`), waitMs);
    }
  };

  const shared = (connected?: Connected): unknown => {
    const clientId = clientOfStatement();
    if (clientId === undefined) return Reflect.apply(connect, pool, connected ? [connected] : []);
    if (connected) return connectFor(clientId, connected);
    return new Promise((resolve, reject) => {
      connectFor(clientId, (error, client) => {
        if (error) reject(error);
        else resolve(client);
      });
    });
  };
  Object.assign(pool, { connect: shared });
}
