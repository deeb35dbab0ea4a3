import { type Statement } from '../../database/statement.js';
import { teamLock } from '../team-lock.js';

/**
 * Locks customers in the order of their IDs, so that two transactions that lock the same customers don't wait for each other;
 * several only under the lock of the team.
 */
export const lockCustomersStatement: Statement = {
  name: 'lock-customers',
  text: `
    with ${teamLock}
    select from (
      select id from customer
      where team_id = :'teamId' and id = any(:'uuids'::uuid[]) and deleted_at is null
        and (not :'isMany'::boolean or exists (select from team_lock))
      order by id for update
    ) as locked`,
};
