import { type MikroORM } from '@mikro-orm/postgresql';
import { type Statement } from '../../database/statement.js';
import { changeMarks } from '../events/change-marks.js';
import { writeEvents } from '../events/write-events.js';

/** Gives the restored customer, or no row. */
export function restoreCustomerStatement(orm: MikroORM): Statement {
  const text = `
    with changed as (
      update customer set deleted_at = null, ${changeMarks('customer')}
      where team_id = :'teamId' and id = :'uuid' and deleted_at is not null
      returning *
    ), ${writeEvents(orm, { rows: 'changed', type: `'RESTORED'` })}
    select * from after_change`;
  return { name: 'restore-customer', text };
}
