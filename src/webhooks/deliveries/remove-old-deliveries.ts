import { type MikroORM } from '@mikro-orm/postgresql';
import { removeInBatches } from '../../database/remove-in-batches.js';
import { numberParameters } from '../../database/statement.js';
import {
  BATCH,
  removeDeletedDeliveriesStatement,
  removeDeletedEndpointsStatement,
  removeOldDeliveriesStatement,
} from './remove-old-deliveries.statement.js';

/**
 * Removes deliveries that are older than `days` days, and deleted endpoints with theirs, batch by batch. Several gateways can do so at
 * once.
 */
export async function removeOldDeliveries(orm: MikroORM, days: number, signal?: AbortSignal): Promise<void> {
  const pool = await orm.em.getConnection().getNativeClient();
  await removeInBatches(pool, removeOldDeliveriesStatement, BATCH, { days }, signal);
  const bindDeleted = numberParameters(removeDeletedDeliveriesStatement);
  for (;;) {
    if (signal?.aborted) return;
    const { rows } = await pool.query(bindDeleted({}));
    if (rows.length < BATCH) break;
  }
  await pool.query(numberParameters(removeDeletedEndpointsStatement)({}));
}
