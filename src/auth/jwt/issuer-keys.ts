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

/** How long the issuer may take to answer, in ms. */
const DEADLINE_MS = 2_000;

/** How old the keys may become before they are read again, in ms: a key that the issuer withdrew stops working. */
const MAX_AGE_MS = 600_000;

/** While the issuer does not answer, keys that were read work on for this long, in ms. */
const MAX_AGE_IN_OUTAGE_MS = 3_600_000;

/** A key id that we don't know reads the keys again (there may be a new one), but no more often than this, in ms. */
const UNKNOWN_KEY_INTERVAL_MS = 30_000;

/** How long an issuer that failed is left alone, in ms. */
const RETRY_INTERVAL_MS = 1_000;

const jwks = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

/** Finds the public key that a token says it was signed with. */
export type FindKey = (header: JWSHeaderParameters, token: FlattenedJWSInput) => Promise<CryptoKey>;

/**
 * The keys of an operator's issuer, read from its JWKS (RFC 7517) and kept. What a token's header says of keys (`jwk`,
 * `jku`, `x5u`) counts for nothing but `kid`, which chooses among the issuer's.
 *
 * @returns a function that throws jose's `JWKSNoMatchingKey` when the issuer has no such key, and {@link Unavailable}
 *   when it does not answer and no key that was kept fits.
 */
export function issuerKeys(url: string): FindKey {
  let readAt = -Infinity;
  let failure: { readonly at: number; readonly error: unknown } | undefined;

  const fetchKeys: FetchImplementation = async (address, options) => {
    if (failure && performance.now() - failure.at < RETRY_INTERVAL_MS) throw failure.error;
    try {
      const response = await fetch(address, options);
      if (response.status !== 200) throw new Error(`The issuer answered ${response.status}`);
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
        // None of those fits: only the issuer could tell whether there is one.
      }
      throw new Unavailable('issuer', { cause: error });
    }
  };
}

/** Whether the keys are there and the token asks for none of them. */
function saysOfTheToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}
