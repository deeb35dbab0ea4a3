import { type MikroORM } from '@mikro-orm/postgresql';
import { BATCH, removeExpiredKeysStatement } from './remove-expired-keys.statement.js';

/** Removes expired keys, batch by batch. Two gateways at it take different ones. */
export async function removeExpiredKeys(orm: MikroORM, signal?: AbortSignal): Promise<void> {
  const pool = await orm.em.getConnection().getNativeClient();
  for (;;) {
    const { rowCount } = await pool.query(removeExpiredKeysStatement.text);
    if (rowCount !== BATCH || signal?.aborted) return;
  }
}
