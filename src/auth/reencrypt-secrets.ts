import { type EntityClass, type EntityManager, LockMode, type MikroORM, raw } from '@mikro-orm/postgresql';
import { type RecordChange } from '../audit/record-change.js';
import { withRetries } from '../database/retry.js';
import { type OwnedSecret } from './owned-secret.js';
import { type SecretBox } from './secret-box.js';

/** Secrets encrypted in one transaction: few enough to hold locks only briefly. */
const BATCH = 100;

/** Result of a run. */
export interface Reencryption {
  /** Number of secrets encrypted with the newest key in this run. */
  readonly reencrypted: number;
  /** IDs of owners with a secret that no key can decrypt, without duplicates. These secrets are unchanged. */
  readonly unreadable: readonly string[];
}

/**
 * Re-encrypts with the newest key every secret of an entity that was encrypted with an older key, so that the older key can be
 * removed.
 *
 * Idempotent. It can run while gateways have both keys, while secrets are rotated, and concurrently with itself. A run that
 * was interrupted can be repeated.
 */
export async function reencryptSecrets(
  orm: MikroORM,
  box: SecretBox,
  entity: EntityClass<OwnedSecret>,
  recordChange?: RecordChange,
): Promise<Reencryption> {
  // Expired secrets are deleted instead of re-encrypted.
  await orm.em.fork().nativeDelete(entity, { expiresAt: { $lte: raw('now()') } });

  const unreadable = new Set<string>();
  let reencrypted = 0;
  let after: string | undefined;
  do {
    const batch = await withRetries(() =>
      orm.em.fork().transactional((em) => reencryptBatch(em, { box, entity, after, recordChange })),
    );
    reencrypted += batch.reencrypted;
    for (const ownerId of batch.unreadable) unreadable.add(ownerId);
    after = batch.last;
  } while (after !== undefined);
  return { reencrypted, unreadable: [...unreadable] };
}

interface Batch {
  readonly box: SecretBox;
  readonly entity: EntityClass<OwnedSecret>;
  readonly after: string | undefined;
  readonly recordChange: RecordChange | undefined;
}

/** Re-encrypts the next secrets by ID. They are locked in that order, so that concurrent runs do not deadlock. */
async function reencryptBatch(
  em: EntityManager,
  { box, entity, after, recordChange }: Batch,
): Promise<Reencryption & { readonly last: string | undefined }> {
  const secrets = await em.find(
    entity,
    { keyId: { $ne: box.keyId }, ...(after !== undefined && { id: { $gt: after } }) },
    { orderBy: { id: 'asc' }, limit: BATCH, lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  const unreadable: string[] = [];
  for (const secret of secrets) {
    const ownerId = secret.ownerId();
    try {
      Object.assign(secret, box.seal(box.open(secret, ownerId).toString('utf8'), ownerId));
    } catch {
      unreadable.push(ownerId);
    }
  }
  await em.flush();
  const reencrypted = secrets.length - unreadable.length;
  if (reencrypted > 0) {
    await recordChange?.(em, { details: { entity: em.getMetadata(entity).className, reencrypted } });
  }
  return { reencrypted, unreadable, last: secrets.at(-1)?.id };
}
