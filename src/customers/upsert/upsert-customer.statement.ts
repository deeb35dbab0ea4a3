import { type MikroORM } from '@mikro-orm/postgresql';
import { type Names, names } from '../../database/names.js';
import { parameters } from '../../database/records.js';
import { type Statement } from '../../database/statement.js';
import { contactColumns, customerColumns, writableColumns } from '../columns.js';
import { Contact } from '../contact.entity.js';
import { Customer } from '../customer.entity.js';
import { changeMarks } from '../events/change-marks.js';
import { writeEvents } from '../events/write-events.js';
import { customerSelectList, sentContacts, storedContacts } from '../select-customer.js';
import { withPhoneOf } from '../text-keys.js';
import { type CustomerKey } from './upsert-customer.result.js';
import { upsertKeys } from './upsert-key.js';

/** Gives the customer; no row if it was changed meanwhile. */
export function upsertCustomerStatement(orm: MikroORM, by: CustomerKey): Statement {
  const customer = names(orm, Customer);
  const contact = names(orm, Contact);
  const { column, property } = upsertKeys[by];
  const text = `
    with existing as (
      select * from customer
      where team_id = :'teamId'::uuid and ${column} = :'${property}'::text and deleted_at is null
    ), before_change as (
      select ${customerSelectList(orm, 'existing')} from existing
    ), stored as (
      insert into customer (team_id, ${customer.columns(customerColumns)})
      values (:'teamId'::uuid, ${parameters(customerColumns)})
      on conflict (team_id, ${column}) where deleted_at is null do update
      set ${assignments(customer)},
        metadata = case when :'clearsMetadata'::boolean then '{}' else customer.metadata - :'removedKeys'::text[] end
          || excluded.metadata,
        ${changeMarks('customer')}
      -- The contacts below are those of this version.
      where customer.version = (select version from existing)
      returning *
    ), removed as (
      delete from contact using stored
      where contact.customer_id = stored.id and :'replacesContacts'::boolean
      returning 1
    ), ${sentContacts}, added as (
      insert into contact (${contact.columns(contactColumns)})
      select ${contactOf('stored.id')}
      from stored, sent_contact,
        -- Counts all that were removed before the first is added: their places are free then.
        (select count(*) from removed) as done
      where :'replacesContacts'::boolean or stored.id = :'uuid'::uuid
    ), ${writeEvents(orm, {
      rows: 'stored',
      type: `case when stored.id = :'uuid'::uuid then 'CREATED' else 'UPDATED' end`,
      // The provided contacts name the draft's customer, which may be another one than the one stored.
      contacts: `case when :'replacesContacts'::boolean or stored.id = :'uuid'::uuid
        then coalesce((select list from sent_contacts), '[]') else ${storedContacts(orm, 'stored')} end`,
      hasBefore: true,
    })}
    select * from after_change`;
  return { name: `upsert-customer-${by}`, text };
}

/** SQL: sets the provided fields, and leaves the others unchanged. An upsert always provides the name and the email. */
function assignments(customer: Names): string {
  const assign = (property: string, otherwise: (column: string) => string, decidedBy = property) => {
    const column = customer.column(property);
    return `${column} = case when '${decidedBy}' = any(:'provided'::text[]) then excluded.${column} else ${otherwise(column)} end`;
  };
  const unchanged = (column: string) => `customer.${column}`;
  return [
    ...writableColumns
      .map(([property]) => property)
      .filter((property) => property !== 'metadata')
      .map((property) => assign(property, unchanged)),
    assign('emailKey', unchanged, 'email'),
    assign('nameKey', unchanged, 'customer'),
    assign('searchText', (column) => withPhoneOf(`customer.${column}`, `excluded.${column}`), 'mainPhone'),
  ].join(', ');
}

/** SQL: a provided contact as a contact of the customer at `uuid`, which may be there already under another id than the draft's. */
function contactOf(uuid: string): string {
  return contactColumns
    .map(([property]) => (property === 'customer' ? uuid : `sent_contact."${property}"`))
    .join(', ');
}
