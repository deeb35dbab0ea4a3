import { type MikroORM } from '@mikro-orm/postgresql';
import { names } from '../../database/names.js';
import { parameters } from '../../database/records.js';
import { type Statement } from '../../database/statement.js';
import { contactColumns, customerColumns } from '../columns.js';
import { Contact } from '../contact.entity.js';
import { Customer } from '../customer.entity.js';
import { writeEvents } from '../events/write-events.js';
import { sentContacts, sentContactsOf } from '../select-customer.js';

/** Gives a row if the customer was stored, none if its email or external ID is taken. */
export function insertCustomerStatement(orm: MikroORM): Statement {
  const text = `
    with new_customer as (
      insert into customer (team_id, ${names(orm, Customer).columns(customerColumns)})
      values (:'teamId'::uuid, ${parameters(customerColumns)})
      on conflict do nothing
      returning *
    ), ${sentContacts}, new_contact as (
      insert into contact (${names(orm, Contact).columns(contactColumns)})
      select sent_contact.* from new_customer, sent_contact
    ), ${writeEvents(orm, { rows: 'new_customer', type: `'CREATED'`, contacts: sentContactsOf('new_customer') })}
    select created_at as "createdAt" from new_customer`;
  return { name: 'insert-customer', text };
}
