import { type MikroORM } from '@mikro-orm/postgresql';
import { type Statement } from '../../database/statement.js';
import { customerSelectList, selectedBytes } from '../select-customer.js';

/** A column with a unique index in the team, by which customers are found, and its type. */
export const findKeys = {
  uuid: { column: 'id', type: 'uuid' },
  email: { column: 'email_key', type: 'text' },
  'external-id': { column: 'external_id', type: 'text' },
} as const;

export type FindKey = keyof typeof findKeys;

/** Gives the customer, or no row. */
export function findCustomerStatement(orm: MikroORM, by: FindKey): Statement {
  const text = `
    select ${customerSelectList(orm, 'customer')}
    from customer
    where team_id = :'teamId' and ${findKeys[by].column} = :'value' and deleted_at is null`;
  return { name: `find-customer-by-${by}`, text };
}

/** Bytes of the notes, metadata and contacts that a statement for several calls gives: few calls wait for a large customer. */
const MAX_BYTES = 262_144;

/**
 * Gives each customer that is found, with its place in the lists of teams and values, from 1. If they have too many bytes, only
 * the first ones are given, and `leftFrom` is the place of the first that is not.
 */
export function findCustomersStatement(orm: MikroORM, by: FindKey): Statement {
  const { column, type } = findKeys[by];
  const text = `
    select * from (
      select *, min("place") filter (where not "fits") over () as "leftFrom"
      from (
        select *, row_number() over (order by "place") = 1
          or sum(${selectedBytes}) over (order by "place") <= ${MAX_BYTES} as "fits"
        from (
          select sent.place::int as "place", ${customerSelectList(orm, 'customer')}
          from unnest(:'teamIds'::uuid[], :'values'::${type}[]) with ordinality as sent (team_id, value, place)
          join customer
            on customer.team_id = sent.team_id and customer.${column} = sent.value and customer.deleted_at is null
          offset 0
        ) as found
      ) as measured
    ) as marked
    where "fits"`;
  return { name: `find-customers-by-${by}`, text };
}
