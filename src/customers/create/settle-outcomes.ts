import { type MikroORM } from '@mikro-orm/postgresql';
import { names } from '../../database/names.js';
import { IdempotencyKey } from '../../idempotency/idempotency-key.entity.js';
import { type IdempotentCall } from '../../idempotency/idempotency-key.js';
import { fromLetters, letterOf, type RowOutcome, toLetters } from './row-outcome.js';

/**
 * Keeps what unclear rows of a call were found to be, so that every repeat is told the same. One round trip.
 *
 * @returns the outcomes that are kept: those that were settled first.
 */
export type SettleOutcomes = (
  teamId: string,
  call: IdempotentCall,
  outcomes: readonly RowOutcome[],
) => Promise<readonly RowOutcome[]>;

/** Writes the statement from the entities' metadata; each connection prepares it once. */
export async function prepareSettleOutcomes(orm: MikroORM): Promise<SettleOutcomes> {
  const pool = await orm.em.getConnection().getNativeClient();
  const key = names(orm, IdempotencyKey);
  const outcomes = key.column('outcomes');
  const text = `
    update ${key.table}
    set ${outcomes} = case when strpos(${outcomes}, '${letterOf('UNCLEAR')}') > 0 then $4::text else ${outcomes} end
    where ${key.column('team')} = $1::uuid and ${key.column('client')} = $2::uuid and ${key.column('key')} = $3::text
    returning ${outcomes} as "outcomes"`;

  return async (teamId, { clientId, key: name }, found) => {
    const values = [teamId, clientId, name, toLetters(found)];
    const { rows } = await pool.query<{ outcomes: string | null }>({ name: 'settle-outcomes', text, values });
    const kept = rows[0]?.outcomes;
    return kept ? fromLetters(kept) : found;
  };
}
