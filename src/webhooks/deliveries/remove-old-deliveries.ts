import { type MikroORM } from '@mikro-orm/postgresql';
import { NIL } from 'uuid';
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
  const bindOld = numberParameters(removeOldDeliveriesStatement);
  // Each batch begins after the one before, so that it need not read the entries of removed rows again.
  for (let after: string = NIL; ;) {
    const { rows } = await pool.query<{ id: string }>(bindOld({ after, days }));
    const last = rows
      .map(({ id }) => id)
      .toSorted()
      .at(-1);
    if (last === undefined || rows.length < BATCH || signal?.aborted) break;
    after = last;
  }
  const bindDeleted = numberParameters(removeDeletedDeliveriesStatement);
  for (;;) {
    if (signal?.aborted) return;
    const { rows } = await pool.query(bindDeleted({}));
    if (rows.length < BATCH) break;
  }
  await pool.query(numberParameters(removeDeletedEndpointsStatement)({}));
}
