import { type MikroORM } from '@mikro-orm/postgresql';
import { names } from '../../database/names.js';
import { customerSelectList } from '../select-customer.js';
import { actorParameters, type ActorParts } from './actor.js';
import { CustomerEvent } from './customer-event.entity.js';

/** SQL: what a statement has changed. */
interface ChangedCustomers {
  /** The common table expression with the changed rows of `customer`, as they are now. */
  readonly rows: string;
  /** A value of `CustomerEventType`. */
  readonly type: string;
  /** The contacts of a row as they are now, as a JSON list. By default they are read from the table, as before the statement. */
  readonly contacts?: string;
  /** Whether the common table expression `before_change` has the customers as they were, selected in the same way. */
  readonly hasBefore?: boolean;
  /** By default the parameters of the statement. */
  readonly actor?: ActorParts;
  /** Joins what `actor` refers to. */
  readonly joins?: string;
}

/** Fields that every change changes. */
const ALWAYS_CHANGED = `'version', 'updatedAt'`;

const changedFields = `(
        select json_object_agg(was.field, was.value)
        from jsonb_each(to_jsonb(before_change)) as was (field, value)
        join jsonb_each(to_jsonb(after_change)) as is_now (field, value) on is_now.field = was.field
        where is_now.value <> was.value and was.field not in (${ALWAYS_CHANGED})
      )`;

/**
 * SQL: the common table expressions `after_change`, which has the changed customers as `customerSelectList` selects them, and
 * `new_event`, which stores an event for each.
 */
export function writeEvents(orm: MikroORM, changed: ChangedCustomers): string {
  const { rows, type, contacts, hasBefore = false, actor = actorParameters, joins = '' } = changed;
  const values = {
    teamId: `${rows}.team_id`,
    customerId: `${rows}.id`,
    type,
    version: `${rows}.version`,
    transaction: `${rows}.transaction`,
    customer: 'row_to_json(after_change)',
    previous: hasBefore ? changedFields : 'null::json',
    ...actor,
  };
  return `after_change as (
      select ${customerSelectList(orm, rows, contacts)} from ${rows}
    ), new_event as (
      insert into customer_event (${names(orm, CustomerEvent).columns(Object.entries(values))})
      select ${Object.values(values).join(', ')}
      from ${rows} join after_change on after_change."uuid" = ${rows}.id
      ${hasBefore ? `left join before_change on before_change."uuid" = ${rows}.id` : ''} ${joins}
    )`;
}
