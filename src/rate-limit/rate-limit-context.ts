import { type RequestLimit } from './request-limit.js';

/** What rate limiting adds to the context of a request. */
export interface RateLimitContext {
  readonly limit: RequestLimit;
}
