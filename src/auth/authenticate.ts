import { createSecretKey, randomBytes } from 'node:crypto';
import { type ClientCache, type KnownClient } from './client-cache.js';
import { type Credentials } from './credentials.js';
import { type AuthenticationFailure } from './authentication-failure.js';
import { type GrantedScopes } from './scopes.js';
import { verifySignature } from './signature.js';
import { type TokenCache } from './token-cache.js';

/** The caller of a request: a partner app, and the team that it acts for. */
export interface Caller {
  readonly clientId: string;
  readonly teamId: string;
  /** Null for a token of an external issuer. */
  readonly tokenId: string | null;
}

/** The caller of a request, or why it has none. */
export type Authentication = { readonly caller: Caller } | { readonly failure: AuthenticationFailure };

/** The caller of a request and the scopes of its token, or why it has none. */
export type Authorization =
  { readonly caller: Caller; readonly scopes: GrantedScopes } | { readonly failure: AuthenticationFailure };

/** Checked in place of an unknown client's secret, so that it takes as long as a known one's. */
const decoys = [createSecretKey(randomBytes(32))];

/** The client that signed a request, or why it is not known. */
export type Verification = { readonly client: KnownClient } | { readonly failure: AuthenticationFailure };

/** Verifies the signature of a request. The clients are cached. */
export async function verifyRequest(
  clients: ClientCache,
  credentials: Credentials,
  request: { readonly method: string; readonly path: string; readonly body: Buffer },
): Promise<Verification> {
  const client = await clients.get(credentials.clientId);
  const parts = { ...request, timestamp: credentials.timestamp };
  const genuine = verifySignature(client?.secrets ?? decoys, parts, credentials.signature);
  return client && genuine ? { client } : { failure: { reason: 'SIGNATURE_MISMATCH' } };
}

/**
 * Returns the team and the scopes that the token grants. Verify the signature and count the request first: an unknown token costs a query.
 */
export async function authorizeToken(tokens: TokenCache, credentials: Credentials): Promise<Authorization> {
  const grant = await tokens.get(credentials.token);
  if (grant?.clientId !== credentials.clientId) return { failure: { reason: 'TOKEN_INVALID' } };
  if (grant.revoked) return { failure: { reason: 'TOKEN_REVOKED' } };
  if (grant.expiresAt.getTime() <= Date.now()) return { failure: { reason: 'TOKEN_EXPIRED' } };
  return {
    caller: { clientId: grant.clientId, teamId: grant.teamId, tokenId: grant.tokenId },
    scopes: grant.scopes,
  };
}
