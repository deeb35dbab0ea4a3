import { type MikroORM } from '@mikro-orm/postgresql';
import { type Statement } from '../../database/statement.js';
import { changeMarks } from '../events/change-marks.js';
import { writeEvents } from '../events/write-events.js';

/** Gives the restored customer. Without a `uuid`, `exists` distinguishes a customer that was changed meanwhile from none. */
export function restoreCustomerStatement(orm: MikroORM): Statement {
  const text = `
    with existing as (
      select version, erased_at is not null as is_erased from customer
      where team_id = :'teamId' and id = :'uuid' and deleted_at is not null
    ), changed as (
      update customer set deleted_at = null, ${changeMarks('customer')}
      where team_id = :'teamId' and id = :'uuid' and deleted_at is not null and erased_at is null
        -- The contacts of the event are those of this version.
        and version = (select version from existing)
      returning *
    ), ${writeEvents(orm, { rows: 'changed', type: `'RESTORED'` })}
    select after_change.*, exists (select from existing) as "exists",
      coalesce((select is_erased from existing), false) as "isErased"
    from (select) as one left join after_change on true`;
  return { name: 'restore-customer', text };
}
