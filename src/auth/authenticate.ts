import { createSecretKey, randomBytes } from 'node:crypto';
import { type ClientDirectory } from './client-directory.js';
import { type Credentials } from './credentials.js';
import { type Refusal } from './refusal.js';
import { verifySignature } from './signature.js';
import { type TokenDirectory } from './token-directory.js';

/** Who is calling: a partner app, and the team it acts for. */
export interface Caller {
  readonly clientId: string;
  readonly teamId: string;
}

/** The caller of a request, or why it has none. */
export type Authentication = { readonly caller: Caller } | { readonly refusal: Refusal };

/** Checked in place of an unknown client's secret, so that it takes as long as a known one's. */
const decoys = [createSecretKey(randomBytes(32))];

/**
 * Proves that a request comes from its client, then that its token lets that client act for a team.
 *
 * In the steady state both answers come from memory. A token is only looked up for a proven client, so nobody else
 * can make us query.
 */
export async function authenticate(
  directories: { readonly clients: ClientDirectory; readonly tokens: TokenDirectory },
  credentials: Credentials,
  request: { readonly method: string; readonly path: string; readonly body: Buffer },
): Promise<Authentication> {
  const secrets = await directories.clients.secretsOf(credentials.clientId);
  const isKnown = secrets.length > 0;
  const parts = { ...request, timestamp: credentials.timestamp };
  const genuine = verifySignature(isKnown ? secrets : decoys, parts, credentials.signature);
  if (!isKnown || !genuine) return { refusal: { reason: 'SIGNATURE_MISMATCH' } };

  const grant = await directories.tokens.grantOf(credentials.token);
  if (grant?.clientId !== credentials.clientId) return { refusal: { reason: 'TOKEN_INVALID' } };
  if (grant.revoked) return { refusal: { reason: 'TOKEN_REVOKED' } };
  if (grant.expiresAt.getTime() <= Date.now()) return { refusal: { reason: 'TOKEN_EXPIRED' } };
  return { caller: { clientId: grant.clientId, teamId: grant.teamId } };
}
