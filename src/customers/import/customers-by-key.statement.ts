import { type MikroORM } from '@mikro-orm/postgresql';
import { type Statement } from '../../database/statement.js';
import { customerSelectList } from '../select-customer.js';
import { type CustomerKey } from '../upsert/upsert-customer.result.js';
import { upsertKeys } from '../upsert/upsert-key.js';

/** Gives the customers of a team with one of `:'keys'`. */
export function customersByKeyStatement(orm: MikroORM, by: CustomerKey): Statement {
  const text = `
    select ${customerSelectList(orm, 'customer')}
    from customer
    where team_id = :'teamId'::uuid and ${upsertKeys[by].column} = any(:'keys'::text[]) and deleted_at is null`;
  return { name: `customers-by-key-${by}`, text };
}
