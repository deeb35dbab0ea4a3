import { randomUUID } from 'node:crypto';
import { errors } from 'jose';
import { issuerKeys } from '../../auth/jwt/issuer-keys.js';
import { type Config } from '../../config/config.js';
import { messageOf } from '../../errors/message-of.js';
import { type Check, check, failed, ok } from './check.js';

/** Reads the keys of the token issuer, if one is configured, as the gateway does. */
export async function checkIssuer({ jwt }: Config): Promise<Check[]> {
  if (!jwt) return [];
  const look = async () => {
    try {
      // No issuer has this key: the error shows that the keys were read.
      await issuerKeys(jwt.jwksUrl)({ alg: 'ES256', kid: randomUUID() }, { payload: '', signature: '' });
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) return ok('The keys of the token issuer can be read.');
      const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
      return failed(`Cannot read the keys of the token issuer: ${messageOf(cause)}. Check JWT_JWKS_URL.`);
    }
    throw new Error('The token issuer has a key with a random ID');
  };
  return [await check('issuer', look)];
}
