import { type RequestLimit } from './request-limit.js';

/** The part of the request context used by rate limiting. */
export interface RateLimitContext {
  readonly limit: RequestLimit;
}
