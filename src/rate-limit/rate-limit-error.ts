import { GraphQLError } from 'graphql';
import { type Decision } from './limiter.js';
import { RateLimited } from './rate-limited.type.js';

/**
 * The error for fields without a result union: the same message, code and details as {@link RateLimited}.
 *
 * @param status - HTTP status, if the whole request is rejected.
 */
export function rateLimitError(decision: Decision, status?: number): GraphQLError {
  const { message, code, details } = new RateLimited(decision);
  return new GraphQLError(message, {
    extensions: { code, details, ...(status !== undefined && { http: { status } }) },
  });
}
