import { type MikroORM } from '@mikro-orm/postgresql';
import { type Statement } from '../../database/statement.js';
import { customerSelectList } from '../select-customer.js';

/** Gives those of the customers that the team has. */
export function readCustomersStatement(orm: MikroORM): Statement {
  const text = `
    select ${customerSelectList(orm, 'customer')}
    from customer
    where team_id = :'teamId' and id = any(:'uuids'::uuid[]) and deleted_at is null`;
  return { name: 'read-customers', text };
}
