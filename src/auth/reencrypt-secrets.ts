import { type EntityManager, LockMode, type MikroORM, raw } from '@mikro-orm/postgresql';
import { withRetries } from '../database/retry.js';
import { ClientSecret } from './client-secret.entity.js';
import { type SecretBox } from './secret-box.js';

/** Secrets sealed in one transaction: few enough to keep nobody waiting. */
const BATCH = 100;

/** What a run did. */
export interface Reencryption {
  /** How many secrets this run sealed with the newest key. */
  readonly reencrypted: number;
  /** Clients with a secret that no key opens, each named once. It was left as it is. */
  readonly unreadable: readonly string[];
}

/**
 * Seals with the newest key every secret that an older key sealed, so that the older key can be dropped.
 *
 * It may run beside gateways that have both keys, beside rotations, and beside itself; one that was stopped half-way is
 * run again; one with nothing left to do does nothing.
 */
export async function reencryptSecrets(orm: MikroORM, box: SecretBox): Promise<Reencryption> {
  // What has expired is not worth a key.
  await orm.em.fork().nativeDelete(ClientSecret, { expiresAt: { $lte: raw('now()') } });

  const unreadable = new Set<string>();
  let reencrypted = 0;
  let after: string | undefined;
  do {
    const batch = await withRetries(() =>
      orm.em.fork().transactional((em) => reencryptBatch(em, box, after)),
    );
    reencrypted += batch.reencrypted;
    for (const clientId of batch.unreadable) unreadable.add(clientId);
    after = batch.last;
  } while (after !== undefined);
  return { reencrypted, unreadable: [...unreadable] };
}

/** The next secrets in the order of their ids, locked in that order, so that two runs wait for each other. */
async function reencryptBatch(
  em: EntityManager,
  box: SecretBox,
  after: string | undefined,
): Promise<Reencryption & { readonly last: string | undefined }> {
  const secrets = await em.find(
    ClientSecret,
    { keyId: { $ne: box.keyId }, ...(after !== undefined && { id: { $gt: after } }) },
    { orderBy: { id: 'asc' }, limit: BATCH, lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  const unreadable: string[] = [];
  for (const secret of secrets) {
    const clientId = secret.client.id;
    try {
      Object.assign(secret, box.seal(box.open(secret, clientId).toString('utf8'), clientId));
    } catch {
      unreadable.push(clientId);
    }
  }
  await em.flush();
  return {
    reencrypted: secrets.length - unreadable.length,
    unreadable,
    last: secrets.at(-1)?.id,
  };
}
