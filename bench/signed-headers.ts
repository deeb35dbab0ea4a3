import { createSecretKey } from 'node:crypto';
import { sign } from '../dist/src/auth/signature.js';
import { type Client } from './operations.ts';

/**
 * Returns the headers of a signed POST. Without waiting, unlike the client package's `signRequest`: the bench signs on the thread that
 * sends.
 */
export function signedHeaders(client: Client, path: string, body: string) {
  const timestamp = String(Date.now());
  const secret = createSecretKey(Buffer.from(client.clientSecret));
  const signature = sign(secret, { method: 'POST', path, timestamp, body: Buffer.from(body) });
  return {
    'content-type': 'application/json',
    'x-client-id': client.clientId,
    'x-timestamp': timestamp,
    'x-signature': signature.toString('hex'),
    authorization: `Bearer ${client.token}`,
  };
}
