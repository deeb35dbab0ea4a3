import { type MikroORM } from '@mikro-orm/postgresql';
import { type Statement } from '../../database/statement.js';
import { changeMarks } from '../events/change-marks.js';
import { writeEvents } from '../events/write-events.js';

/** Gives the deleted customer, or no row. */
export function deleteCustomerStatement(orm: MikroORM): Statement {
  const text = `
    with changed as (
      update customer set deleted_at = now(), ${changeMarks('customer')}
      where team_id = :'teamId' and id = :'uuid' and deleted_at is null
      returning *
    ), ${writeEvents(orm, { rows: 'changed', type: `'DELETED'` })}
    select * from after_change`;
  return { name: 'delete-customer', text };
}
