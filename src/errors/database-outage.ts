import { codeOf } from './code-of.js';

/**
 * SQLSTATEs that say that the server cannot serve us now (PostgreSQL, appendix A): connection exceptions (08),
 * insufficient resources (53), shutdown, crash and start (57P0x), a statement over its deadline (57014), a transaction
 * over its own (25P03), and a server that takes no writes, as after a failover (25006).
 */
const SQLSTATES = /^(?:08\w{3}|53\w{3}|57P0\d|57014|25P03|25006)$/;

/** The code of a pool that is full, and the message of `pg`'s pool when no connection was free in time. */
const POOL_EXHAUSTED = 'POOL_EXHAUSTED';
const POOL_TIMEOUT = 'timeout exceeded when trying to connect';

/** What Node says when a server cannot be reached, or the way to it broke, and what our pool says when it is full. */
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

/** `pg` and its pool give these no code. */
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
 * Whether an error says that the database is not available now. The ORM wraps some of the driver's errors; it keeps
 * their code and message, or has them for its cause.
 */
export function isDatabaseOutage(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, message, cause } = error as { code?: unknown; message?: unknown; cause?: unknown };
  if (typeof code === 'string' && (SQLSTATES.test(code) || CODES.has(code))) return true;
  if (typeof message === 'string' && MESSAGES.has(message)) return true;
  return isDatabaseOutage(cause);
}

/** Whether an outage is that of the pool alone: all its connections are in use, and PostgreSQL answers, but slowly. */
export function isPoolExhausted(error: unknown): boolean {
  return error instanceof Error && (codeOf(error) === POOL_EXHAUSTED || error.message === POOL_TIMEOUT);
}
