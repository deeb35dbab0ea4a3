import { isDatabaseOutage } from './database-outage.js';

/** What we depend on and do not run ourselves, and the gateway's own capacity. */
export type Dependency = 'database' | 'redis' | 'issuer' | 'capacity';

/** What a caller is told to wait before the next try, in seconds: most outages are a restart. */
export const RETRY_AFTER_SECONDS = 1;

/**
 * Thrown when something we depend on does not answer now and may soon. What was asked for was not done, or we cannot
 * know whether it was: an idempotency key makes it safe to ask again. The caller gets 503 and `Retry-After`.
 */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';

  constructor(
    readonly dependency: Dependency,
    options: { readonly cause: unknown },
  ) {
    super(`The ${dependency} is not available`, options);
  }
}

/** The outage that an error tells of, if it does. */
export function asUnavailable(error: unknown): Unavailable | undefined {
  if (error instanceof Unavailable) return error;
  return isDatabaseOutage(error) ? new Unavailable('database', { cause: error }) : undefined;
}
