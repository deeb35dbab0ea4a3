import { type MikroORM } from '@mikro-orm/postgresql';
import { type Statement } from '../../database/statement.js';
import { customerSelectList } from '../select-customer.js';

/** Gives the customer, or no row. */
export function findByUuidStatement(orm: MikroORM): Statement {
  const text = `
    select ${customerSelectList(orm, 'customer')}
    from customer
    where team_id = :'teamId' and id = :'uuid' and deleted_at is null`;
  return { name: 'find-customer-by-uuid', text };
}
