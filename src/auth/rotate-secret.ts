import { type EntityManager, LockMode, type MikroORM } from '@mikro-orm/postgresql';
import { type RecordChange } from '../audit/record-change.js';
import { withRetries } from '../database/retry.js';
import { ApiClient } from './api-client.entity.js';
import { ClientSecret } from './client-secret.entity.js';
import { type IssuedClient, newSecret } from './issue-credentials.js';
import { unexpired } from './owned-secret.js';
import { type SecretBox } from './secret-box.js';

const MS_PER_SECOND = 1_000;

/**
 * Creates a new secret for a client. The previous secret stays valid for the overlap, so that the partner can switch without
 * downtime.
 *
 * A client has at most two valid secrets. A rotation during an overlap deletes all but the newest of the earlier ones, and
 * never extends the expiry of a secret.
 *
 * @param overlapSeconds - how long the previous secret stays valid. Use 0 for a leaked secret: it is deleted immediately.
 * @returns undefined if the client does not exist or is revoked.
 */
export async function rotateSecret(
  orm: MikroORM,
  box: SecretBox,
  clientId: string,
  overlapSeconds: number,
  recordChange?: RecordChange,
): Promise<IssuedClient | undefined> {
  const rotate = async (em: EntityManager): Promise<IssuedClient | undefined> => {
    // The lock serializes the rotations and the revocation of a client.
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
    await recordChange?.(em, { clientId, details: { overlapSeconds } });
    return { clientId, clientSecret };
  };
  return withRetries(() => orm.em.fork().transactional(rotate));
}
