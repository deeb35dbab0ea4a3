import { type MikroORM } from '@mikro-orm/postgresql';
import { type RecordChange } from '../audit/record-change.js';
import { ApiClient } from './api-client.entity.js';
import { type DocumentPolicy } from './document-policy.js';

/** Sets which documents a client may send. @returns whether the client exists and is not revoked. */
export async function setDocumentPolicy(
  orm: MikroORM,
  clientId: string,
  documentPolicy: DocumentPolicy,
  recordChange?: RecordChange,
): Promise<boolean> {
  return orm.em.fork().transactional(async (em) => {
    const changed = await em.nativeUpdate(ApiClient, { id: clientId, revokedAt: null }, { documentPolicy });
    if (changed > 0) await recordChange?.(em, { clientId, details: { documentPolicy } });
    return changed > 0;
  });
}
