import { type Statement } from '../../database/statement.js';
import { leastUuidOf } from '../../database/uuid-time.js';

/** Events removed by one statement: few enough for its deadline, even if each has the largest customer. */
export const BATCH = 500;

/**
 * Removes the next events after `:'after'` that are older than `:'days'`, and gives their IDs. The last event of a team stays, so that a
 * client that has read all events finds the one that its cursor names, however long ago it was. Skips events that another gateway is
 * removing.
 */
export const removeExpiredEventsStatement: Statement = {
  text: `
    delete from customer_event where id in (
      select id from customer_event as expired
      where id > :'after'::uuid and id < ${leastUuidOf(`now() - make_interval(days => :'days'::int)`)}
        and exists (
          select from customer_event as later
          where later.team_id = expired.team_id and (later.transaction, later.id) > (expired.transaction, expired.id)
        )
      order by id limit ${BATCH} for update skip locked
    )
    returning id`,
};
