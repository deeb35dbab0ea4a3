/** What a limiter says of one call. */
export interface Decision {
  readonly allowed: boolean;
  /** Calls allowed in a window. */
  readonly limit: number;
  /** Calls left now, after this one. */
  readonly remaining: number;
  /** Ms until the oldest counted call leaves the window, so that one more is allowed. */
  readonly resetMs: number;
}

/** Counts calls: at most `limit` in any `windowMs`. A refused call is not counted. */
export interface Limiter {
  readonly limit: number;
  readonly windowMs: number;
  /** Counts a call of `client` if there is room for it. To look and to count is one step that nothing comes between. */
  take(client: string): Decision | Promise<Decision>;
}
