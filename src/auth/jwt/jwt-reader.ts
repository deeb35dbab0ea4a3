import { type MikroORM } from '@mikro-orm/postgresql';
import { errors, type JWTPayload, jwtVerify } from 'jose';
import { validate } from 'uuid';
import { type JwtConfig } from '../../config/config.js';
import { teamExists } from '../../teams/teams.js';
import { type ReadGrant, type TokenGrant } from '../token-cache.js';
import { issuerKeys } from './issuer-keys.js';

/**
 * Signatures that the holder of the public key cannot make. A token does not choose beyond this list (RFC 8725, 3.1), so
 * it cannot say `none`, nor have our copy of the public key taken for the secret of an HMAC.
 */
const ALGORITHMS = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519'.split(' ');

/** Access tokens (RFC 9068, 2.1), and what most issuers still call them. */
const TYPES: ReadonlySet<unknown> = new Set(['at+jwt', 'application/at+jwt', 'jwt']);

/** What is longer is not looked into. Characters. */
const MAX_LENGTH = 8_192;

/** How far the issuer's clock may be from ours, in seconds. */
const CLOCK_TOLERANCE_SECONDS = 5;

const MS_PER_SECOND = 1_000;

/**
 * Reads tokens that an operator's own issuer gave out: JWTs (RFC 7519, 9068), checked as RFC 8725 asks. The client is
 * bound by the claim `client_id`, or `azp` where there is none; the team is named by the configured claim.
 *
 * @returns a function that gives undefined for whatever is no such token, and throws `Unavailable` when the issuer's keys
 *   cannot be read.
 */
export function jwtReader(orm: MikroORM, { jwksUrl, issuer, audience, teamClaim }: JwtConfig): ReadGrant {
  const findKey = issuerKeys(jwksUrl);

  return async (token) => {
    if (token.length > MAX_LENGTH) return undefined;
    const claims = await verify(token);
    const grant = claims && grantIn(claims, teamClaim);
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
      // All else is in order with a token that has expired, and its caller may know.
      if (error instanceof errors.JWTExpired) return error.payload;
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }
}

/** What the claims of a genuine token grant, if they say it in the right form. */
function grantIn(claims: JWTPayload, teamClaim: string): TokenGrant | undefined {
  const clientId = claims['client_id'] ?? claims['azp'];
  const teamId = claims[teamClaim];
  if (typeof clientId !== 'string' || typeof teamId !== 'string' || !validate(teamId)) return undefined;
  // What never expires can never be taken back.
  if (claims.exp === undefined) return undefined;
  return {
    clientId,
    teamId: teamId.toLowerCase(),
    expiresAt: new Date((claims.exp + CLOCK_TOLERANCE_SECONDS) * MS_PER_SECOND),
    revoked: false,
  };
}
