import { type MikroORM } from '@mikro-orm/postgresql';
import { type Statement } from '../../database/statement.js';
import { customerSelectList } from '../select-customer.js';

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

/** Gives each customer that is found, with its place in the lists of teams and values, from 1. */
export function findCustomersStatement(orm: MikroORM, by: FindKey): Statement {
  const { column, type } = findKeys[by];
  const text = `
    select sent.place::int as "place", ${customerSelectList(orm, 'customer')}
    from unnest(:'teamIds'::uuid[], :'values'::${type}[]) with ordinality as sent (team_id, value, place)
    join customer
      on customer.team_id = sent.team_id and customer.${column} = sent.value and customer.deleted_at is null`;
  return { name: `find-customers-by-${by}`, text };
}
