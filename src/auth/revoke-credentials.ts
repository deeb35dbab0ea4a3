import { LockMode, type MikroORM } from '@mikro-orm/postgresql';
import { type RecordChange } from '../audit/record-change.js';
import { AccessToken } from './access-token.entity.js';
import { ApiClient } from './api-client.entity.js';
import { ClientSecret } from './client-secret.entity.js';
import { hashToken } from './issue-credentials.js';

/** Result of a revocation, which is idempotent. */
export type Revocation = 'REVOKED' | 'ALREADY_REVOKED' | 'UNKNOWN';

/** Revokes a client permanently and deletes its secrets. */
export async function revokeClient(
  orm: MikroORM,
  clientId: string,
  recordChange?: RecordChange,
): Promise<Revocation> {
  return orm.em.fork().transactional(async (em) => {
    const revoked = await em.nativeUpdate(
      ApiClient,
      { id: clientId, revokedAt: null },
      { revokedAt: new Date() },
    );
    await em.nativeDelete(ClientSecret, { client: clientId });
    if (revoked > 0) {
      await recordChange?.(em, { clientId });
      return 'REVOKED';
    }
    return (await em.count(ApiClient, { id: clientId })) > 0 ? 'ALREADY_REVOKED' : 'UNKNOWN';
  });
}

/** Deletes one secret of a client. Its other secret stays valid. @returns whether the client had it. */
export async function revokeSecret(
  orm: MikroORM,
  clientId: string,
  secretId: string,
  recordChange?: RecordChange,
): Promise<boolean> {
  return orm.em.fork().transactional(async (em) => {
    const deleted = await em.nativeDelete(ClientSecret, { id: secretId, client: clientId });
    if (deleted > 0) await recordChange?.(em, { clientId, details: { secretId } });
    return deleted > 0;
  });
}

/** Revokes a token, given by its ID or as the token itself. */
export async function revokeToken(
  orm: MikroORM,
  token: { readonly id: string } | { readonly token: string },
  recordChange?: RecordChange,
): Promise<Revocation> {
  const which = 'id' in token ? { id: token.id } : { hash: hashToken(token.token) };
  return orm.em.fork().transactional(async (em) => {
    const found = await em.findOne(AccessToken, which, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (!found) return 'UNKNOWN';
    if (found.revokedAt) return 'ALREADY_REVOKED';
    found.revokedAt = new Date();
    await em.flush();
    await recordChange?.(em, {
      clientId: found.client.id,
      teamId: found.team.id,
      details: { tokenId: found.id },
    });
    return 'REVOKED';
  });
}
