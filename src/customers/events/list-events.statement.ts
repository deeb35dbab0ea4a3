import { type MikroORM } from '@mikro-orm/postgresql';
import { type Statement } from '../../database/statement.js';
import { eventBytes, eventSelectList } from './stored-event.js';

/** SQL: no transaction with a lower number is in progress, so no event will come to be before one of a lower number. */
const SETTLED = `transaction < pg_snapshot_xmin(pg_current_snapshot())::text::bigint`;

/** The optional conditions of {@link listEventsStatement}. */
interface ListEventsForm {
  readonly hasAfter: boolean;
  readonly hasTypes: boolean;
}

/**
 * Gives the next events of a team in their order, at most `:'limit'` of `:'scanned'` that are looked at, and as many as have
 * `:'maxBytes'`, but at least one. Each row has also, and without an event there is one row that has only:
 *
 * - `isKnown`: whether the event `:'after'` is kept. True without one.
 * - `scannedTo`, `scannedCount`: the last event that was looked at, and how many were.
 * - `matches`: how many of them match.
 *
 * Looks at events whose transactions and all with lower numbers have ended, so that no event comes to be among those it has given.
 */
export function listEventsStatement(orm: MikroORM, form: ListEventsForm): Statement {
  const { hasAfter, hasTypes } = form;
  const text = `
    with position as (
      select transaction, id from customer_event where team_id = :'teamId'::uuid and id = :'after'::uuid
    ), scanned as (
      select id, type, row_number() over (order by transaction, id) as "place"
      from (
        select id, type, transaction from customer_event
        where team_id = :'teamId'::uuid and ${SETTLED}
          ${hasAfter ? 'and (transaction, id) > ((select transaction from position), (select id from position))' : ''}
        order by transaction, id limit :'scanned'
      ) as next
    ), page as (
      select *, sum(${eventBytes}) over (order by "place") as "bytes", row_number() over (order by "place") as "rank"
      from (
        select ${eventSelectList(orm, 'customer_event')}, scanned."place"
        from scanned join customer_event on customer_event.id = scanned.id
        ${hasTypes ? `where scanned.type = any(:'types'::text[])` : ''}
        order by scanned."place" limit :'limit'
        offset 0
      ) as found
    )
    select info.*, page.*
    from (
      select ${hasAfter ? 'exists (select from position)' : 'true'} as "isKnown",
        (select id from scanned order by "place" desc limit 1) as "scannedTo",
        (select count(*)::int from scanned) as "scannedCount",
        (select count(*)::int from scanned ${hasTypes ? `where type = any(:'types'::text[])` : ''}) as "matches"
    ) as info
    left join page on page."bytes" <= :'maxBytes'::bigint or page."rank" = 1
    order by page."place"`;
  return { name: listEventsName(form), text };
}

/** The name of a form of {@link listEventsStatement}. */
export function listEventsName({ hasAfter, hasTypes }: ListEventsForm): string {
  return ['list-events', hasAfter && 'after', hasTypes && 'types'].filter(Boolean).join('-');
}

/** Events that {@link eventsLagStatement} looks at. */
const LATEST = 1_000;

/** Gives the age in seconds of the oldest of the latest events that {@link listEventsStatement} does not give yet; 0 if there is none. */
export const eventsLagStatement: Statement = {
  name: 'events-lag',
  text: `
    select coalesce(extract(epoch from now() - min(occurred_at)), 0)::float8 as "seconds"
    from (select transaction, occurred_at from customer_event order by id desc limit ${LATEST}) as latest
    where not (${SETTLED})`,
};

/** Gives the last event of a team that {@link listEventsStatement} gives. */
export const lastEventStatement: Statement = {
  name: 'last-event',
  text: `
    select id from customer_event where team_id = :'teamId'::uuid and ${SETTLED}
    order by transaction desc, id desc limit 1`,
};
