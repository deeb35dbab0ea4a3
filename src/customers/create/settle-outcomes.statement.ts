import { type Statement } from '../../database/statement.js';

/** Replaces the outcomes of a key only while one of them is unclear, which is the letter `u`. */
export const settleOutcomesStatement: Statement = {
  name: 'settle-outcomes',
  text: `
    update idempotency_key
    set outcomes = case when strpos(outcomes, 'u') > 0 then :'outcomes'::text else outcomes end
    where team_id = :'teamId'::uuid and client_id = :'clientId'::uuid and key = :'key'::text
    returning outcomes`,
};
