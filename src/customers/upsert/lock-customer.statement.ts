import { type Statement } from '../../database/statement.js';
import { type CustomerKey } from './upsert-customer.result.js';
import { upsertKeys } from './upsert-key.js';

/** Locks the customer that an upsert found changed. */
export function lockCustomerStatement(by: CustomerKey): Statement {
  const text = `
    select from customer
    where team_id = :'teamId'::uuid and ${upsertKeys[by].column} = :'key'::text and deleted_at is null
    for update`;
  return { name: `lock-customer-${by}`, text };
}
