/** The decision about one call. */
export interface Decision {
  readonly allowed: boolean;
  /** Calls allowed in a window. */
  readonly limit: number;
  /** Calls remaining after this one. */
  readonly remaining: number;
  /** Ms until the oldest counted call leaves the window, so that one more is allowed. */
  readonly resetMs: number;
}

/** Counts calls: at most `limit` in any `windowMs`. Rejected calls are not counted. */
export interface Limiter {
  readonly limit: number;
  readonly windowMs: number;
  /** Counts a call of `client` if it is within the limit. The check and the count are atomic. */
  take(client: string): Decision | Promise<Decision>;
}
