import { GraphQLError } from 'graphql';
import { errorCodes } from '../errors/error-codes.js';

/**
 * Why a request was not authenticated: enough for a developer to mend it, nothing for an attacker. A client that is
 * unknown or revoked and a signature that is wrong read alike; so do a token never issued and another client's.
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
  /** The header at fault, in lower case, where one header is. */
  readonly header?: string;
}

/** The challenge of RFC 9110, 11.6.1; the token is the one part of our scheme with a registered name. */
const CHALLENGE = 'Bearer realm="customer-gateway"';

/** What is wrong with a token that was sent has a name of its own (RFC 6750, 3.1). */
const INVALID_TOKEN_CHALLENGE = `${CHALLENGE}, error="invalid_token"`;

/**
 * The one answer to a caller we don't know: HTTP 401, `UNAUTHENTICATED`. It ends the connection, so that strangers keep none
 * open.
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
