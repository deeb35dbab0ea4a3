import { type MikroORM } from '@mikro-orm/postgresql';
import { type Statement } from '../../database/statement.js';
import { customerSelectList } from '../select-customer.js';

/** Opens the cursor `snapshot` on the customers of a team, the oldest first. */
export function allCustomersStatement(orm: MikroORM): Statement {
  const text = `
    declare snapshot no scroll cursor for
    select ${customerSelectList(orm, 'customer')}
    from customer
    where team_id = :'teamId'::uuid and deleted_at is null
    order by created_at, id`;
  return { text };
}
