import { type MikroORM } from '@mikro-orm/postgresql';
import { type Statement } from '../../database/statement.js';
import { eventBytes, eventSelectList } from './stored-event.js';

/**
 * Gives the events of several customers of a team, of each at most `:'limit'` before its version in `:'before'`, the latest first. Those
 * beyond `:'maxBytes'` are left out, but never the first one of a customer. `found` is how many there are with those.
 */
export function historyStatement(orm: MikroORM): Statement {
  const text = `
    select * from (
      select *, sum(${eventBytes}) over (order by "place", "version" desc) as "bytes",
        row_number() over (partition by "place" order by "version" desc) as "rank",
        count(*) over (partition by "place")::int as "found"
      from (
        select event.*, wanted.place as "place"
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
    where "bytes" <= :'maxBytes'::bigint or "rank" = 1
    order by "place", "version" desc`;
  return { name: 'customer-history', text };
}
