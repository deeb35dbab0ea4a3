import type { AuthenticationFailureReason } from '../../src/auth/authentication-failure.js';
import { type Exchange } from './exchange.js';

/** What to do about each reason of a 401. */
const HELP: Record<AuthenticationFailureReason, string> = {
  MISSING_HEADER:
    'The header did not reach the gateway. This page sent it, so look for a proxy that removes it.',
  DUPLICATE_HEADER:
    'The header reached the gateway twice. This page sent it once, so look for a proxy that adds it.',
  MALFORMED_HEADER:
    'The header has an invalid format. A token contains no spaces: check that it was copied completely.',
  TIMESTAMP_OUT_OF_RANGE:
    'The clock of this computer and the clock of the gateway differ too much. Set the clock.',
  SIGNATURE_MISMATCH:
    'The signature does not match the one the gateway computed. The client ID is unknown or revoked, or the secret is not a current secret of this client: copy both again. A proxy that changes the path or the body has the same effect.',
  SIGNATURE_REPLAYED:
    'A mutation with this signature was accepted before. Send the request again; it gets a new signature.',
  TOKEN_INVALID:
    'The token was never issued, or not to this client. The client ID and the signature are correct.',
  TOKEN_EXPIRED:
    'The token has expired. Ask the user for consent again, or issue a token with `customer-gateway token issue`.',
  TOKEN_REVOKED:
    'The token was revoked. Ask the user for consent again, or issue a token with `customer-gateway token issue`.',
};

const MS_PER_SECOND = 1_000;

/** Why a request was not authenticated, and what to do about it. */
export interface AuthenticationHelp {
  /** The reason, with the header at fault if one header is: `MALFORMED_HEADER: authorization`. */
  readonly reason: string;
  readonly advice: string;
}

/** Help with the response to a request, if it is a 401. */
export function authenticationHelp(exchange: Exchange): AuthenticationHelp | undefined {
  if (exchange.status !== 401) return undefined;
  const { reason, header } = exchange.result.errors?.[0]?.extensions ?? {};
  if (!isReason(reason)) {
    return { reason: 'UNAUTHENTICATED', advice: 'The request is not authenticated.' };
  }
  const advice =
    reason === 'TIMESTAMP_OUT_OF_RANGE' ? `${HELP[reason]} ${clockSkew(exchange)}` : HELP[reason];
  return { reason: typeof header === 'string' ? `${reason}: ${header}` : reason, advice };
}

function clockSkew({ signed, gatewayTime }: Exchange): string {
  const seconds = Math.round((Number(signed.headers['x-timestamp']) - gatewayTime) / MS_PER_SECOND);
  return `It is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead' : 'behind'}.`;
}

function isReason(reason: unknown): reason is AuthenticationFailureReason {
  return typeof reason === 'string' && Object.hasOwn(HELP, reason);
}
