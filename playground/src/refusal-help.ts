import type { RefusalReason } from '../../src/auth/refusal.js';
import { type Exchange } from './exchange.js';

/** What a developer does about a refusal. */
const HELP: Record<RefusalReason, string> = {
  MISSING_HEADER:
    'The header did not arrive. This page sent it, so look for a proxy in between that takes it away.',
  DUPLICATE_HEADER:
    'The header arrived twice. This page sent it once, so look for a proxy in between that adds it.',
  MALFORMED_HEADER:
    'The header is not in the right form. A token is one word: look for a space in it, or a part that was not copied.',
  TIMESTAMP_OUT_OF_RANGE: 'The clock of this machine and the gateway’s are too far apart. Set the clock.',
  SIGNATURE_MISMATCH:
    'The gateway made another signature. The client id is unknown or revoked, or the secret is not this client’s, or no longer: copy both again. A proxy that changes the path or the body would do it too.',
  SIGNATURE_REPLAYED:
    'A mutation with this signature was accepted before. Send it again: it is signed afresh.',
  TOKEN_INVALID:
    'The token was never issued, or not to this client. The client id and the signature are right.',
  TOKEN_EXPIRED:
    'The token’s time is over. Ask the user for consent again, or issue one with `customer-gateway token issue`.',
  TOKEN_REVOKED:
    'The token was revoked. Ask the user for consent again, or issue one with `customer-gateway token issue`.',
};

const MS_PER_SECOND = 1_000;

/** Why a request got 401, and what to do about it. */
export interface RefusalHelp {
  readonly reason: string;
  readonly advice: string;
}

/** The help to an answer, if it is a 401. */
export function refusalHelp({ status, answer, signed, gatewayTime }: Exchange): RefusalHelp | undefined {
  if (status !== 401) return undefined;
  const { reason, header } = answer.errors?.[0]?.extensions ?? {};
  if (!isRefusalReason(reason)) {
    return { reason: 'UNAUTHENTICATED', advice: 'The gateway does not know the caller.' };
  }
  const advice = HELP[reason];
  if (reason === 'TIMESTAMP_OUT_OF_RANGE') {
    const seconds = Math.round((Number(signed.headers['x-timestamp']) - gatewayTime) / MS_PER_SECOND);
    return { reason, advice: `${advice} It is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead' : 'behind'}.` };
  }
  return { reason: typeof header === 'string' ? `${reason}: ${header}` : reason, advice };
}

function isRefusalReason(reason: unknown): reason is RefusalReason {
  return typeof reason === 'string' && Object.hasOwn(HELP, reason);
}
