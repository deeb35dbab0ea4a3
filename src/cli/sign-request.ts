import { createSecretKey } from 'node:crypto';
import { sign, stringToSign } from '../auth/signature.js';
import { type ClientCredentials } from './client-credentials.js';

/** A signed request, and the string that was signed. */
export interface SignedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly stringToSign: string;
}

/**
 * Signs a request with the current time.
 *
 * The gateway's own code signs, not the client package: a release and the container image have no build of that package.
 */
export function signRequest(
  { url, clientId, clientSecret, token }: ClientCredentials,
  body: Buffer,
): SignedRequest {
  const parts = { method: 'POST', path: new URL(url).pathname, timestamp: String(Date.now()), body };
  return {
    method: parts.method,
    url,
    headers: {
      'Content-Type': 'application/json',
      'x-client-id': clientId,
      'x-timestamp': parts.timestamp,
      'x-signature': sign(createSecretKey(clientSecret, 'utf8'), parts).toString('hex'),
      Authorization: `Bearer ${token}`,
    },
    stringToSign: stringToSign(parts),
  };
}
