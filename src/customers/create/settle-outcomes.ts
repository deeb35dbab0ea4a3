import { type MikroORM } from '@mikro-orm/postgresql';
import { numberParameters } from '../../database/statement.js';
import { type IdempotentCall } from '../../idempotency/idempotency-key.js';
import { fromLetters, type RowOutcome, toLetters } from './row-outcome.js';
import { settleOutcomesStatement } from './settle-outcomes.statement.js';

/**
 * Stores the outcomes of rows that were unclear, so that every repeated call returns the same. One round trip.
 *
 * @returns the stored outcomes: those of the call that stored them first.
 */
export type SettleOutcomes = (
  teamId: string,
  call: IdempotentCall,
  outcomes: readonly RowOutcome[],
) => Promise<readonly RowOutcome[]>;

/** Each connection prepares the statement once. */
export async function prepareSettleOutcomes(orm: MikroORM): Promise<SettleOutcomes> {
  const pool = await orm.em.getConnection().getNativeClient();
  const bind = numberParameters(settleOutcomesStatement);

  return async (teamId, { clientId, key }, found) => {
    const statement = bind({ teamId, clientId, key, outcomes: toLetters(found) });
    const { rows } = await pool.query<{ outcomes: string | null }>(statement);
    const kept = rows[0]?.outcomes;
    return kept ? fromLetters(kept) : found;
  };
}
