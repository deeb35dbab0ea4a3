import { type MikroORM } from '@mikro-orm/postgresql';
import { names } from '../../database/names.js';
import { type Column, records } from '../../database/records.js';
import { type Statement } from '../../database/statement.js';
import { updatedColumns, contactColumns, customerColumns, type CustomerRow } from '../columns.js';
import { Contact } from '../contact.entity.js';
import { Customer } from '../customer.entity.js';
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
    with ${teamLock}, changed as (
      update customer
      set ${assignments.join(', ')}, version = customer.version + 1, updated_at = now()
      from ${records(versionedColumns, 'given', `:'customers'::json`)}
      where customer.id = given."uuid" and customer.team_id = :'teamId'::uuid
        and customer.version = given."version" and customer.deleted_at is null
        and (not :'isMany'::boolean or exists (select from team_lock))
      returning customer.id as "uuid", customer.version as "version",
        customer.created_at as "createdAt", customer.updated_at as "updatedAt"
    ), removed as (
      delete from contact using changed
      where contact.customer_id = changed."uuid" and changed."uuid" = any(:'contactsOf'::uuid[])
      returning 1
    ), added as (
      insert into contact (${contact.columns(contactColumns)})
      select contact.* from ${records(contactColumns, 'contact', `:'contacts'::json`)},
        -- Counts all that were removed before the first is added: their places and their ids are free then.
        (select count(*) from removed) as done
      where contact."customer" in (select "uuid" from changed)
    )
    select * from changed`;
  return { name: 'update-customers', text };
}
