import { type MikroORM } from '@mikro-orm/postgresql';
import { AccessToken } from './access-token.entity.js';
import { ApiClient } from './api-client.entity.js';
import { ClientSecret } from './client-secret.entity.js';
import { hashToken } from './issue-credentials.js';

/** Result of a revocation, which is idempotent. */
export type Revocation = 'REVOKED' | 'ALREADY_REVOKED' | 'UNKNOWN';

/** Revokes a client permanently and deletes its secrets. */
export async function revokeClient(orm: MikroORM, clientId: string): Promise<Revocation> {
  return orm.em.fork().transactional(async (em) => {
    const revoked = await em.nativeUpdate(
      ApiClient,
      { id: clientId, revokedAt: null },
      { revokedAt: new Date() },
    );
    await em.nativeDelete(ClientSecret, { client: clientId });
    if (revoked > 0) return 'REVOKED';
    return (await em.count(ApiClient, { id: clientId })) > 0 ? 'ALREADY_REVOKED' : 'UNKNOWN';
  });
}

/** Deletes one secret of a client. Its other secret stays valid. @returns whether the client had it. */
export async function revokeSecret(orm: MikroORM, clientId: string, secretId: string): Promise<boolean> {
  return (await orm.em.fork().nativeDelete(ClientSecret, { id: secretId, client: clientId })) > 0;
}

/** Revokes a token, given by its ID or as the token itself. */
export async function revokeToken(
  orm: MikroORM,
  token: { readonly id: string } | { readonly token: string },
): Promise<Revocation> {
  const em = orm.em.fork();
  const which = 'id' in token ? { id: token.id } : { hash: hashToken(token.token) };
  const revoked = await em.nativeUpdate(
    AccessToken,
    { ...which, revokedAt: null },
    { revokedAt: new Date() },
  );
  if (revoked > 0) return 'REVOKED';
  return (await em.count(AccessToken, which)) > 0 ? 'ALREADY_REVOKED' : 'UNKNOWN';
}
