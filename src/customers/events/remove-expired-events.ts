import { type MikroORM } from '@mikro-orm/postgresql';
import { removeInBatches } from '../../database/remove-in-batches.js';
import { BATCH, removeExpiredEventsStatement } from './remove-expired-events.statement.js';

/**
 * Removes events that are older than `days` days, batch by batch in the order of their IDs. Of the events of a team the last one stays.
 * Several gateways can do so at once.
 */
export async function removeExpiredEvents(orm: MikroORM, days: number, signal?: AbortSignal): Promise<void> {
  const pool = await orm.em.getConnection().getNativeClient();
  await removeInBatches(pool, removeExpiredEventsStatement, BATCH, { days }, signal);
}
