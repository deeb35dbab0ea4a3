import { type MikroORM } from '@mikro-orm/postgresql';
import { type Names, names } from '../../database/names.js';
import { parameters, records } from '../../database/records.js';
import { type Statement } from '../../database/statement.js';
import { contactColumns, customerColumns, writableColumns } from '../columns.js';
import { Contact } from '../contact.entity.js';
import { Customer } from '../customer.entity.js';
import { customerSelectList } from '../select-customer.js';
import { withPhoneOf } from '../text-keys.js';
import { type CustomerKey } from './upsert-customer.result.js';
import { upsertKeys } from './upsert-key.js';

/** Gives the customer, with the contacts from before the statement; no row if it was changed meanwhile. */
export function upsertCustomerStatement(orm: MikroORM, by: CustomerKey): Statement {
  const customer = names(orm, Customer);
  const contact = names(orm, Contact);
  const { column, property } = upsertKeys[by];
  const text = `
    with existing as (
      select version from customer
      where team_id = :'teamId'::uuid and ${column} = :'${property}'::text and deleted_at is null
    ), stored as (
      insert into customer (team_id, ${customer.columns(customerColumns)})
      values (:'teamId'::uuid, ${parameters(customerColumns)})
      on conflict (team_id, ${column}) where deleted_at is null do update
      set ${assignments(customer)},
        metadata = case when :'clearsMetadata'::boolean then '{}' else customer.metadata - :'removedKeys'::text[] end
          || excluded.metadata,
        version = customer.version + 1, updated_at = now()
      -- The contacts below are those of this version.
      where customer.version = (select version from existing)
      returning *
    ), removed as (
      delete from contact using stored
      where contact.customer_id = stored.id and :'sendsContacts'::boolean
      returning 1
    ), added as (
      insert into contact (${contact.columns(contactColumns)})
      select ${contactOf('stored.id')}
      from stored, ${records(contactColumns, 'given', `:'contacts'::json`)},
        -- Counts all that were removed before the first is added: their places are free then.
        (select count(*) from removed) as done
      where :'sendsContacts'::boolean or stored.id = :'uuid'::uuid
    )
    select ${customerSelectList(orm, 'stored')} from stored`;
  return { name: `upsert-customer-${by}`, text };
}

/** SQL: what was sent is set, the rest stays. An upsert always sends the name and the email. */
function assignments(customer: Names): string {
  const assign = (property: string, otherwise: (column: string) => string, decidedBy = property) => {
    const column = customer.column(property);
    return `${column} = case when '${decidedBy}' = any(:'sent'::text[]) then excluded.${column} else ${otherwise(column)} end`;
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

/** SQL: a given contact as one of the customer at `uuid`, which may be there already under another id than the draft's. */
function contactOf(uuid: string): string {
  return contactColumns
    .map(([property]) => (property === 'customer' ? uuid : `given."${property}"`))
    .join(', ');
}
