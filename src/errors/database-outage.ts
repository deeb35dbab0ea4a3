import { codeOf } from './code-of.js';

/**
 * SQLSTATEs of an unavailable server (PostgreSQL, appendix A): connection exceptions (08), insufficient resources (53),
 * shutdown, crash and start (57P0x), a statement timeout (57014), an idle-in-transaction timeout (25P03), and a server that
 * does not accept writes, as after a failover (25006).
 */
const SQLSTATES = /^(?:08\w{3}|53\w{3}|57P0\d|57014|25P03|25006)$/;

/** The code of a full pool, and the message of `pg`'s pool when no connection was free in time. */
const POOL_EXHAUSTED = 'POOL_EXHAUSTED';
const POOL_TIMEOUT = 'timeout exceeded when trying to connect';

/** Node's codes for a server that cannot be reached or a broken connection, and the code of a full pool. */
const CODES: ReadonlySet<string> = new Set([
  'EADDRNOTAVAIL',
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  POOL_EXHAUSTED,
]);

/** Errors of `pg` and its pool that have no code. */
const MESSAGES: ReadonlySet<string> = new Set([
  'Client has encountered a connection error and is not queryable',
  'Client was closed and is not queryable',
  'Connection terminated',
  'Connection terminated due to connection timeout',
  'Connection terminated unexpectedly',
  POOL_TIMEOUT,
  'timeout expired',
]);

/**
 * Whether an error means that the database is unavailable. The ORM wraps some errors of the driver and keeps their code and
 * message, or has them as its cause.
 */
export function isDatabaseOutage(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, message, cause } = error as { code?: unknown; message?: unknown; cause?: unknown };
  if (typeof code === 'string' && (SQLSTATES.test(code) || CODES.has(code))) return true;
  if (typeof message === 'string' && MESSAGES.has(message)) return true;
  return isDatabaseOutage(cause);
}

/** Whether only the pool is exhausted: all connections are in use, but PostgreSQL responds. */
export function isPoolExhausted(error: unknown): boolean {
  return error instanceof Error && (codeOf(error) === POOL_EXHAUSTED || error.message === POOL_TIMEOUT);
}
