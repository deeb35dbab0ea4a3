import { type MikroORM } from '@mikro-orm/postgresql';
import { ApiClient } from './api-client.entity.js';
import { type DocumentPolicy } from './document-policy.js';

/** Sets which documents a client may send. @returns whether the client exists and is not revoked. */
export async function setDocumentPolicy(
  orm: MikroORM,
  clientId: string,
  documentPolicy: DocumentPolicy,
): Promise<boolean> {
  const changed = await orm.em
    .fork()
    .nativeUpdate(ApiClient, { id: clientId, revokedAt: null }, { documentPolicy });
  return changed > 0;
}
