import { type EntityManager, LockMode, type MikroORM } from '@mikro-orm/postgresql';
import { withRetries } from '../database/retry.js';
import { ApiClient } from './api-client.entity.js';
import { ClientSecret, unexpired } from './client-secret.entity.js';
import { type IssuedClient, newSecret } from './issue-credentials.js';
import { type SecretBox } from './secret-box.js';

const MS_PER_SECOND = 1_000;

/**
 * Gives a client a new secret, which works beside the one before it for a while: the partner changes over without a
 * moment in which it cannot call.
 *
 * No more than two secrets of a client work at once. A rotation during an overlap ends all but the newest of the
 * earlier ones, and never gives one more time than it had.
 *
 * @param overlapSeconds - how long the secret before may still be used; 0 ends it at once, which is what to do when it
 *   leaked.
 * @returns undefined when there is no such client or it is revoked.
 */
export async function rotateSecret(
  orm: MikroORM,
  box: SecretBox,
  clientId: string,
  overlapSeconds: number,
): Promise<IssuedClient | undefined> {
  const rotate = async (em: EntityManager): Promise<IssuedClient | undefined> => {
    // Rotations of one client come one after another, and not beside its revocation.
    const client = await em.findOne(
      ApiClient,
      { id: clientId, revokedAt: null },
      { lockMode: LockMode.PESSIMISTIC_WRITE },
    );
    if (!client) return undefined;

    const [before] = await em.find(
      ClientSecret,
      { client: clientId, ...unexpired() },
      { orderBy: { expiresAt: 'desc nulls first' }, limit: overlapSeconds > 0 ? 1 : 0 },
    );
    await em.nativeDelete(ClientSecret, { client: clientId, ...(before && { id: { $ne: before.id } }) });
    if (before) {
      const end = Date.now() + overlapSeconds * MS_PER_SECOND;
      const expiresAt = new Date(Math.min(end, before.expiresAt?.getTime() ?? end));
      await em.nativeUpdate(ClientSecret, { id: before.id }, { expiresAt });
    }
    const clientSecret = newSecret(em, box, client);
    await em.flush();
    return { clientId, clientSecret };
  };
  return withRetries(() => orm.em.fork().transactional(rotate));
}
