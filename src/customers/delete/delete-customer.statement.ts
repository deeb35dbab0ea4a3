import { type MikroORM } from '@mikro-orm/postgresql';
import { type Statement } from '../../database/statement.js';
import { customerSelectList } from '../select-customer.js';

/** Gives the deleted customer, or no row. */
export function deleteCustomerStatement(orm: MikroORM): Statement {
  const text = `
    with customer as (
      update customer set deleted_at = now(), updated_at = now(), version = version + 1
      where team_id = :'teamId' and id = :'uuid' and deleted_at is null
      returning *
    )
    select ${customerSelectList(orm, 'customer')} from customer`;
  return { name: 'delete-customer', text };
}
