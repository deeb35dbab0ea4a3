import { type MikroORM } from '@mikro-orm/postgresql';
import { type Statement } from '../../database/statement.js';
import { customerSelectList } from '../select-customer.js';

/** Gives the customer, or no row. */
export function findByExternalIdStatement(orm: MikroORM): Statement {
  const text = `
    select ${customerSelectList(orm, 'customer')}
    from customer
    where team_id = :'teamId' and external_id = :'externalId' and deleted_at is null`;
  return { name: 'find-customer-by-external-id', text };
}
