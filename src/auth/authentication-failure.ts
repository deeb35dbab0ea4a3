import { GraphQLError } from 'graphql';
import { errorCodes } from '../errors/error-codes.js';

/**
 * Why a request was not authenticated: enough for a developer to correct it, and nothing for an attacker. An unknown client, a
 * revoked client and a wrong signature have the same reason. So do a token that was never issued and a token of another client.
 */
export type AuthenticationFailureReason =
  | 'MISSING_HEADER'
  | 'DUPLICATE_HEADER'
  | 'MALFORMED_HEADER'
  | 'TIMESTAMP_OUT_OF_RANGE'
  | 'SIGNATURE_MISMATCH'
  | 'SIGNATURE_REPLAYED'
  | 'TOKEN_INVALID'
  | 'TOKEN_EXPIRED'
  | 'TOKEN_REVOKED';

export interface AuthenticationFailure {
  readonly reason: AuthenticationFailureReason;
  /** The header that caused the failure, in lower case, if there is one. */
  readonly header?: string;
}

/** The challenge (RFC 9110, 11.6.1). Of the authentication scheme, only the token has a registered name. */
export const CHALLENGE = 'Bearer realm="customer-gateway"';

/** RFC 6750, 3.1: the challenge for a token that is not valid. */
const INVALID_TOKEN_CHALLENGE = `${CHALLENGE}, error="invalid_token"`;

/**
 * The response to an unauthenticated request: HTTP 401, `UNAUTHENTICATED`. It closes the connection, so that unknown callers
 * cannot keep connections open.
 */
export function unauthenticated(failure: AuthenticationFailure): GraphQLError {
  const challenge = failure.reason.startsWith('TOKEN_') ? INVALID_TOKEN_CHALLENGE : CHALLENGE;
  return new GraphQLError('The request is not authenticated.', {
    extensions: {
      code: errorCodes.UNAUTHENTICATED,
      ...failure,
      http: {
        status: 401,
        headers: new Map([
          ['www-authenticate', challenge],
          ['connection', 'close'],
        ]),
      },
    },
  });
}
