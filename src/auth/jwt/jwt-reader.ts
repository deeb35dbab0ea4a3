import { type MikroORM } from '@mikro-orm/postgresql';
import { errors, type JWTPayload, jwtVerify } from 'jose';
import { validate } from 'uuid';
import { type JwtConfig } from '../../config/config.js';
import { teamExists } from '../../teams/teams.js';
import { ALL_SCOPES, type GrantedScopes, isScope } from '../scopes.js';
import { type ReadGrant, type TokenGrant } from '../token-cache.js';
import { issuerKeys } from './issuer-keys.js';

/**
 * Asymmetric algorithms only (RFC 8725, 3.1). A token can use neither `none` nor an HMAC with the public key as its secret.
 */
const ALGORITHMS = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519'.split(' ');

/** The type of access tokens (RFC 9068, 2.1), and the type that most issuers still use. */
const TYPES: ReadonlySet<unknown> = new Set(['at+jwt', 'application/at+jwt', 'jwt']);

/** Maximum length of a JWT, in characters. */
const MAX_LENGTH = 8_192;

/** Maximum difference between the clocks of the issuer and the gateway, in seconds. */
const CLOCK_TOLERANCE_SECONDS = 5;

const MS_PER_SECOND = 1_000;

/**
 * Reads JWTs (RFC 7519, RFC 9068) of the configured issuer and validates them as recommended by RFC 8725. The claim
 * `client_id` identifies the client, or `azp` if it is absent. The configured claim identifies the team. `scope` has the scopes, or `scp`
 * if it is absent.
 *
 * @returns a function that returns undefined for a token that is not valid, and throws `Unavailable` if the issuer's keys
 *   cannot be read.
 */
export function jwtReader(orm: MikroORM, config: JwtConfig): ReadGrant {
  const { jwksUrl, issuer, audience } = config;
  const findKey = issuerKeys(jwksUrl);

  return async (token) => {
    if (token.length > MAX_LENGTH) return undefined;
    const claims = await verify(token);
    const grant = claims && grantIn(claims, config);
    return grant && (await teamExists(orm, grant.teamId)) ? grant : undefined;
  };

  async function verify(token: string): Promise<JWTPayload | undefined> {
    try {
      const { payload, protectedHeader } = await jwtVerify(token, findKey, {
        algorithms: ALGORITHMS,
        issuer,
        audience,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      });
      return TYPES.has(protectedHeader.typ?.toLowerCase()) ? payload : undefined;
    } catch (error) {
      // An expired token is otherwise valid, so its caller gets `TOKEN_EXPIRED`.
      if (error instanceof errors.JWTExpired) return error.payload;
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }
}

/** The grant in the claims of a verified token, or undefined if the claims are malformed. */
function grantIn(claims: JWTPayload, { teamClaim, scopesRequired }: JwtConfig): TokenGrant | undefined {
  const clientId = claims['client_id'] ?? claims['azp'];
  const teamId = claims[teamClaim];
  if (typeof clientId !== 'string' || typeof teamId !== 'string' || !validate(teamId)) return undefined;
  // A token without an expiry could never be withdrawn.
  if (claims.exp === undefined) return undefined;
  return {
    clientId,
    teamId: teamId.toLowerCase(),
    tokenId: null,
    scopes: scopesIn(claims, scopesRequired),
    expiresAt: new Date((claims.exp + CLOCK_TOLERANCE_SECONDS) * MS_PER_SECOND),
    revoked: false,
  };
}

/**
 * The scopes of the gateway that the claims name. Other names are those of other services. Issuers write a text with spaces
 * (RFC 9068, 2.2.3) or a list.
 */
function scopesIn(claims: JWTPayload, scopesRequired: boolean): GrantedScopes {
  const claim = claims['scope'] ?? claims['scp'];
  const names: readonly unknown[] = typeof claim === 'string' ? claim.split(' ') : [claim].flat();
  const named = new Set(names.filter((name) => typeof name === 'string').filter(isScope));
  return named.size > 0 || scopesRequired ? named : ALL_SCOPES;
}
