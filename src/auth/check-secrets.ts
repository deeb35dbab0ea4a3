import { type EntityClass, type MikroORM } from '@mikro-orm/postgresql';
import { type OwnedSecret, unexpired } from './owned-secret.js';
import { type SecretBox } from './secret-box.js';

/** Secrets read at once. */
const BATCH = 500;

/** Which keys the active secrets are encrypted with. */
export interface SecretsState {
  readonly total: number;
  /** Secrets encrypted with a key other than the newest. */
  readonly older: number;
  /** IDs of owners with a secret that no key can decrypt, without duplicates. */
  readonly unreadable: readonly string[];
}

/**
 * Decrypts every active secret of an entity, without changing any.
 *
 * @param box - undefined if there is no key.
 */
export async function checkSecrets(
  orm: MikroORM,
  box: SecretBox | undefined,
  entity: EntityClass<OwnedSecret>,
): Promise<SecretsState> {
  const unreadable = new Set<string>();
  let total = 0;
  let older = 0;
  let after: string | undefined;
  for (;;) {
    const batch = await orm.em
      .fork()
      .find(
        entity,
        { $and: [unexpired(), after === undefined ? {} : { id: { $gt: after } }] },
        { orderBy: { id: 'asc' }, limit: BATCH },
      );
    total += batch.length;
    for (const secret of batch) {
      if (!opens(box, secret)) unreadable.add(secret.ownerId());
      else if (secret.keyId !== box?.keyId) older += 1;
    }
    after = batch.at(-1)?.id;
    if (batch.length < BATCH) return { total, older, unreadable: [...unreadable] };
  }
}

function opens(box: SecretBox | undefined, secret: OwnedSecret): boolean {
  try {
    return box?.open(secret, secret.ownerId()) !== undefined;
  } catch {
    return false;
  }
}
