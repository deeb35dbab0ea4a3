import { type MikroORM } from '@mikro-orm/postgresql';
import { names } from '../../database/names.js';
import { type Column, records } from '../../database/records.js';
import { type Statement } from '../../database/statement.js';
import { updatedColumns, contactColumns, customerColumns, type CustomerRow } from '../columns.js';
import { Contact } from '../contact.entity.js';
import { Customer } from '../customer.entity.js';
import { changeMarks } from '../events/change-marks.js';
import { writeEvents } from '../events/write-events.js';
import { customerSelectList, sentContacts, sentContactsOf, storedContacts } from '../select-customer.js';
import { teamLock } from '../team-lock.js';

/** A customer to write and the version of it that was read. */
export type VersionedRow = CustomerRow & { readonly version: number };

/** The rows of `:'customers'`. */
export const versionedColumns: readonly Column<VersionedRow>[] = [
  ...customerColumns,
  ['version', 'integer', (row) => row.version],
];

/** Gives the customers that still had the version that was read. */
export function updateCustomersStatement(orm: MikroORM): Statement {
  const customer = names(orm, Customer);
  const contact = names(orm, Contact);
  const assignments = updatedColumns.map(
    ([property]) => `${customer.column(property)} = given."${property}"`,
  );
  const text = `
    with ${teamLock}, given as (
      select * from ${records(versionedColumns, 'given', `:'customers'::json`)}
    ), before_change as (
      select ${customerSelectList(orm, 'customer')}
      from customer where team_id = :'teamId'::uuid and id in (select "uuid" from given)
    ), changed as (
      update customer
      set ${assignments.join(', ')}, ${changeMarks('customer')}
      from given
      where customer.id = given."uuid" and customer.team_id = :'teamId'::uuid
        and customer.version = given."version" and customer.deleted_at is null
        and (not :'isMany'::boolean or exists (select from team_lock))
      returning customer.*
    ), removed as (
      delete from contact using changed
      where contact.customer_id = changed.id and changed.id = any(:'contactsOf'::uuid[])
      returning 1
    ), ${sentContacts}, added as (
      insert into contact (${contact.columns(contactColumns)})
      select sent_contact.* from sent_contact,
        -- Counts all that were removed before the first is added: their places and their ids are free then.
        (select count(*) from removed) as done
      where sent_contact."customer" in (select id from changed)
    ), ${writeEvents(orm, {
      rows: 'changed',
      type: `'UPDATED'`,
      contacts: `case when changed.id = any(:'contactsOf'::uuid[]) then ${sentContactsOf('changed')} else ${storedContacts(orm, 'changed')} end`,
      hasBefore: true,
    })}
    select id as "uuid", version as "version", created_at as "createdAt", updated_at as "updatedAt" from changed`;
  return { name: 'update-customers', text };
}
