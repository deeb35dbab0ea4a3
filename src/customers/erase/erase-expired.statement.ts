import { type Statement } from '../../database/statement.js';

/** Customers that one statement gives. */
export const BATCH = 100;

/** Gives the next customers after the deletion `:'deletedAt'` and the ID `:'after'` that were deleted more than `:'days'` ago, oldest first. */
export const expiredCustomersStatement: Statement = {
  text: `
    select id as "uuid", team_id as "teamId", deleted_at as "deletedAt" from customer
    where deleted_at is not null and erased_at is null and deleted_at < now() - make_interval(days => :'days'::int)
      and (deleted_at, id) > (:'deletedAt'::timestamptz, :'after'::uuid)
    order by deleted_at, id limit ${BATCH}`,
};
