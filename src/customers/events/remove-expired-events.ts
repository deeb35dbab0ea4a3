import { type MikroORM } from '@mikro-orm/postgresql';
import { NIL } from 'uuid';
import { numberParameters } from '../../database/statement.js';
import { BATCH, removeExpiredEventsStatement } from './remove-expired-events.statement.js';

/**
 * Removes events that are older than `days` days, batch by batch in the order of their IDs. Of the events of a team the last one stays.
 * Several gateways can do so at once.
 */
export async function removeExpiredEvents(orm: MikroORM, days: number, signal?: AbortSignal): Promise<void> {
  const pool = await orm.em.getConnection().getNativeClient();
  const bind = numberParameters(removeExpiredEventsStatement);
  // Each batch begins after the one before: it need not read again the entries of removed events, and the last ones of teams.
  let after: string = NIL;
  for (;;) {
    const { rows } = await pool.query<{ id: string }>(bind({ after, days }));
    const last = rows
      .map(({ id }) => id)
      .toSorted()
      .at(-1);
    if (last === undefined || rows.length < BATCH || signal?.aborted) return;
    after = last;
  }
}
