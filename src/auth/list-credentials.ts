import { type MikroORM } from '@mikro-orm/postgresql';
import { AccessToken } from './access-token.entity.js';
import { ApiClient } from './api-client.entity.js';
import { ClientSecret } from './client-secret.entity.js';
import { unexpired } from './owned-secret.js';

/** A client and its active secrets. Only IDs and times of secrets are visible. */
export interface ListedClient {
  readonly client: ApiClient;
  readonly secrets: readonly ClientSecret[];
}

/** The newest clients, at most `limit`, including revoked ones. The current secret of each client comes first. */
export async function listClients(orm: MikroORM, limit: number): Promise<ListedClient[]> {
  const em = orm.em.fork();
  const clients = await em.find(ApiClient, {}, { orderBy: { createdAt: 'desc', id: 'desc' }, limit });
  const secrets = await em.find(
    ClientSecret,
    { client: { $in: clients.map(({ id }) => id) }, ...unexpired() },
    { orderBy: { expiresAt: 'desc nulls first' } },
  );
  const byClient = Map.groupBy(secrets, (secret) => secret.client.id);
  return clients.map((client) => ({ client, secrets: byClient.get(client.id) ?? [] }));
}

/** Whether a client with this ID exists and is not revoked. The ID must be a UUID. */
export async function clientIsActive(orm: MikroORM, clientId: string): Promise<boolean> {
  return (await orm.em.fork().count(ApiClient, { id: clientId, revokedAt: null })) > 0;
}

/** The newest tokens, at most `limit`, including expired and revoked ones. Filtered by client and team, if given. */
export function listTokens(
  orm: MikroORM,
  of: { readonly clientId?: string | undefined; readonly teamId?: string | undefined },
  limit: number,
): Promise<AccessToken[]> {
  const where = {
    ...(of.clientId !== undefined && { client: of.clientId }),
    ...(of.teamId !== undefined && { team: of.teamId }),
  };
  return orm.em.fork().find(AccessToken, where, { orderBy: { createdAt: 'desc', id: 'desc' }, limit });
}
