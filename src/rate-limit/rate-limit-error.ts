import { GraphQLError } from 'graphql';
import { type Decision } from './limiter.js';
import { RateLimited } from './rate-limited.type.js';

/**
 * The error where there is no union that could have {@link RateLimited}: the same words, code and details.
 *
 * @param status - of the answer, when the request as a whole is refused.
 */
export function rateLimitError(decision: Decision, status?: number): GraphQLError {
  const { message, code, details } = new RateLimited(decision);
  return new GraphQLError(message, {
    extensions: { code, details, ...(status !== undefined && { http: { status } }) },
  });
}
