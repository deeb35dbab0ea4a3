import { type MikroORM } from '@mikro-orm/postgresql';
import { AccessToken } from './access-token.entity.js';
import { ApiClient } from './api-client.entity.js';
import { ClientSecret } from './client-secret.entity.js';
import { hashToken } from './issue-credentials.js';

/** What came of a revocation. One that is asked for twice is done once. */
export type Revocation = 'REVOKED' | 'ALREADY_REVOKED' | 'UNKNOWN';

/** Ends a client for good, with all its secrets. */
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

/** Ends one secret of a client and leaves its other one alone. @returns whether the client had it. */
export async function revokeSecret(orm: MikroORM, clientId: string, secretId: string): Promise<boolean> {
  return (await orm.em.fork().nativeDelete(ClientSecret, { id: secretId, client: clientId })) > 0;
}

/** Ends a token, which is named by its id or is the token itself. */
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
