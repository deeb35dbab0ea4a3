import { type MikroORM } from '@mikro-orm/postgresql';
import { type Statement } from '../../database/statement.js';
import { eventBytes, eventSelectList } from './stored-event.js';

/**
 * Gives the events of several customers of a team, of each at most `:'limit'` before its version in `:'before'`, the latest first. Once
 * all have `:'maxBytes'`, earlier events are left out. Each row has also:
 *
 * - `found`: how many events its customer has with those.
 * - `customers`: how many customers have events. If rows are of fewer, even the latest events of all have more than `:'maxBytes'`.
 */
export function historyStatement(orm: MikroORM): Statement {
  const text = `
    select * from (
      select *, sum(${eventBytes}) over (order by "rank", "place") as "bytes",
        count(*) over (partition by "place")::int as "found",
        count(*) filter (where "rank" = 1) over ()::int as "customers",
        row_number() over (order by "rank", "place") as "number"
      from (
        select event.*, wanted.place as "place",
          row_number() over (partition by wanted.place order by event."version" desc) as "rank"
        from unnest(:'uuids'::uuid[], :'before'::int[]) with ordinality as wanted (uuid, before, place)
        cross join lateral (
          select ${eventSelectList(orm, 'customer_event')}
          from customer_event
          where customer_id = wanted.uuid and team_id = :'teamId'::uuid and version < wanted.before
          order by version desc limit :'limit'
        ) as event
        offset 0
      ) as found
    ) as measured
    where "bytes" <= :'maxBytes'::bigint or "number" = 1
    order by "place", "version" desc`;
  return { name: 'customer-history', text };
}
