import { randomUUID } from 'node:crypto';
import { errors } from 'jose';
import { issuerKeys } from '../../auth/jwt/issuer-keys.js';
import { type Config } from '../../config/config.js';
import { messageOf } from '../../errors/message-of.js';
import { type Check, check, failed, ok } from './check.js';

/** Reads the keys of the operator's issuer, if there is one, as the gateway does for a token. */
export async function checkIssuer({ jwt }: Config): Promise<Check[]> {
  if (!jwt) return [];
  const look = async () => {
    try {
      // A key that nobody has: an issuer that says so has answered.
      await issuerKeys(jwt.jwksUrl)({ alg: 'ES256', kid: randomUUID() }, { payload: '', signature: '' });
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) return ok('The issuer of tokens answers with its keys.');
      const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
      return failed(
        `The keys of the issuer of tokens cannot be read: ${messageOf(cause)}. Check JWT_JWKS_URL.`,
      );
    }
    throw new Error('The issuer has a key by an id that was invented now');
  };
  return [await check('issuer', look)];
}
