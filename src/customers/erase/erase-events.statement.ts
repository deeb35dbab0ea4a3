import { type MikroORM } from '@mikro-orm/postgresql';
import { type Statement } from '../../database/statement.js';
import { customerSelectList } from '../select-customer.js';

/** Events that one statement erases: few enough for its timeout, even if each has the largest customer before and after a change. */
export const BATCH = 200;

/**
 * Replaces the data in the next events of an erased customer, those of versions after `:'after'` and before `:'before'`, by that of the
 * customer's row, which is erased. Gives their number and the last version.
 */
export function eraseEventsStatement(orm: MikroORM): Statement {
  const text = `
    with erased as materialized (
      select to_jsonb(current_row) as snapshot
      from (select ${customerSelectList(orm, 'customer', `'[]'::jsonb`)} from customer where id = :'uuid'::uuid) as current_row
    ), changed as (
      update customer_event
      set previous = null,
        customer = (erased.snapshot || jsonb_build_object(
          'version', customer_event.version, 'updatedAt', customer_event.occurred_at
        ))::json
      from erased
      where customer_event.id in (
        select id from customer_event
        where customer_id = :'uuid'::uuid and team_id = :'teamId'::uuid
          and version > :'after'::int and version < :'before'::int
        order by version limit ${BATCH}
      )
      returning version
    )
    select count(*)::int as count, max(version) as last from changed`;
  return { name: 'erase-events', text };
}
