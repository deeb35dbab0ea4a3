import { isDatabaseOutage } from './database-outage.js';

/** External dependencies, and the gateway's own capacity. */
export type Dependency = 'database' | 'redis' | 'issuer' | 'capacity';

/** Value of `Retry-After`, in seconds: most outages are a restart. */
export const RETRY_AFTER_SECONDS = 1;

/**
 * Thrown while a dependency is unavailable. The request was not executed, or its outcome is unknown: an idempotency key makes
 * it safe to retry. The caller gets 503 and `Retry-After`.
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

/** {@link asUnavailable}, for causes that only PostgreSQL knows. */
export type FindOutage = (error: unknown) => Promise<Unavailable | undefined>;

/** Converts an error that is caused by an outage; otherwise returns undefined. */
export function asUnavailable(error: unknown): Unavailable | undefined {
  if (error instanceof Unavailable) return error;
  return isDatabaseOutage(error) ? new Unavailable('database', { cause: error }) : undefined;
}
