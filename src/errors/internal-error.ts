import { HeaderMap } from '@apollo/server';
import { errorCodes } from './error-codes.js';
import { RETRY_AFTER_SECONDS } from './unavailable.js';

/** The whole response to an unexpected error: the request ID finds the error in the log. */
export function unexpectedError(requestId: string) {
  return {
    message: 'Internal server error.',
    extensions: { code: errorCodes.INTERNAL_SERVER_ERROR, requestId },
  };
}

/** The whole response while a dependency is unavailable. Goes with {@link UNAVAILABLE_HTTP}. */
export function unavailableError(requestId: string) {
  return {
    message: 'The service is temporarily unavailable.',
    extensions: { code: errorCodes.SERVICE_UNAVAILABLE, requestId, retryAfterSeconds: RETRY_AFTER_SECONDS },
  };
}

/** Status 503 and `Retry-After` (RFC 9110, 15.6.4 and 10.2.3). */
export const UNAVAILABLE_HTTP = {
  status: 503,
  headers: new HeaderMap([['retry-after', String(RETRY_AFTER_SECONDS)]]),
} as const;
