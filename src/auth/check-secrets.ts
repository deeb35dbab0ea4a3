import { type MikroORM } from '@mikro-orm/postgresql';
import { ClientSecret, unexpired } from './client-secret.entity.js';
import { type SecretBox } from './secret-box.js';

/** Secrets read at once. */
const BATCH = 500;

/** How the secrets that work stand to the keys that there are. */
export interface SecretsState {
  readonly total: number;
  /** Those that a key opens which is not the newest. */
  readonly older: number;
  /** Clients with a secret that no key opens, each named once. */
  readonly unreadable: readonly string[];
}

/** Opens every secret that works, and changes none. @param box - undefined when there is no key at all. */
export async function checkSecrets(orm: MikroORM, box: SecretBox | undefined): Promise<SecretsState> {
  const unreadable = new Set<string>();
  let total = 0;
  let older = 0;
  let after: string | undefined;
  for (;;) {
    const batch = await orm.em
      .fork()
      .find(
        ClientSecret,
        { $and: [unexpired(), after === undefined ? {} : { id: { $gt: after } }] },
        { orderBy: { id: 'asc' }, limit: BATCH },
      );
    total += batch.length;
    for (const secret of batch) {
      if (!opens(box, secret)) unreadable.add(secret.client.id);
      else if (secret.keyId !== box?.keyId) older += 1;
    }
    after = batch.at(-1)?.id;
    if (batch.length < BATCH) return { total, older, unreadable: [...unreadable] };
  }
}

function opens(box: SecretBox | undefined, secret: ClientSecret): boolean {
  try {
    return box?.open(secret, secret.client.id) !== undefined;
  } catch {
    return false;
  }
}
