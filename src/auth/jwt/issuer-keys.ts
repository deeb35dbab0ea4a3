import {
  type CryptoKey,
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  errors,
  type FetchImplementation,
  type FlattenedJWSInput,
  type JWSHeaderParameters,
} from 'jose';
import { z } from 'zod';
import { Unavailable } from '../../errors/unavailable.js';

/** Timeout of a request to the issuer, in ms. */
const DEADLINE_MS = 2_000;

/** Maximum age of the keys before they are read again, in ms. A key that the issuer removed stops working then. */
const MAX_AGE_MS = 600_000;

/** Maximum age of the keys while the issuer does not respond, in ms. */
const MAX_AGE_IN_OUTAGE_MS = 3_600_000;

/** Minimum time between reads that are caused by an unknown key ID, in ms. */
const UNKNOWN_KEY_INTERVAL_MS = 30_000;

/** Minimum time between requests to an issuer that failed, in ms. */
const RETRY_INTERVAL_MS = 1_000;

const jwks = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

/** Finds the public key for the key ID in a token's header. */
export type FindKey = (header: JWSHeaderParameters, token: FlattenedJWSInput) => Promise<CryptoKey>;

/**
 * Reads the keys of the token issuer from its JWKS (RFC 7517) and caches them. Of a token's header, only `kid` is used, to
 * select one of these keys; `jwk`, `jku` and `x5u` are ignored.
 *
 * @returns a function that throws jose's `JWKSNoMatchingKey` if the issuer has no such key, and {@link Unavailable} if the
 *   issuer does not respond and no cached key matches.
 */
export function issuerKeys(url: string): FindKey {
  let readAt = -Infinity;
  let failure: { readonly at: number; readonly error: unknown } | undefined;

  const fetchKeys: FetchImplementation = async (address, options) => {
    if (failure && performance.now() - failure.at < RETRY_INTERVAL_MS) throw failure.error;
    try {
      const response = await fetch(address, options);
      if (response.status !== 200) throw new Error(`The issuer returned status ${response.status}`);
      const keys = jwks.parse(await response.json());
      readAt = performance.now();
      failure = undefined;
      return Response.json(keys);
    } catch (error) {
      failure = { at: performance.now(), error };
      throw error;
    }
  };

  const remote = createRemoteJWKSet(new URL(url), {
    timeoutDuration: DEADLINE_MS,
    cacheMaxAge: MAX_AGE_MS,
    cooldownDuration: UNKNOWN_KEY_INTERVAL_MS,
    [customFetch]: fetchKeys,
  });

  return async (header, token) => {
    try {
      return await remote(header, token);
    } catch (error) {
      if (saysOfTheToken(error)) throw error;
      const kept = performance.now() - readAt < MAX_AGE_IN_OUTAGE_MS ? remote.jwks() : undefined;
      try {
        if (kept) return await createLocalJWKSet(kept)(header, token);
      } catch {
        // No cached key matches: only the issuer knows whether the key exists.
      }
      throw new Unavailable('issuer', { cause: error });
    }
  };
}

/** Whether the error is about the token: the keys were read, but none matches. */
function saysOfTheToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}
