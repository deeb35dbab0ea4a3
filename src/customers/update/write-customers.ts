import { type MikroORM } from '@mikro-orm/postgresql';
import { names } from '../../database/names.js';
import { type Column, records, toJson } from '../../database/records.js';
import { type Executor } from '../../database/transaction.js';
import { updatedColumns, contactColumns, type CustomerRow, customerColumns } from '../columns.js';
import { Contact } from '../contact.entity.js';
import { Customer } from '../customer.entity.js';
import { contactRows, type StoredCustomer } from '../new-customer.js';
import { teamLock } from '../team-lock.js';
import { type CustomerUpdate } from './apply-update.js';

/** A customer to write and the version of it that was read. */
type VersionedRow = CustomerRow & { readonly version: number };

const columns: readonly Column<VersionedRow>[] = [
  ...customerColumns,
  ['version', 'integer', (row) => row.version],
];

/**
 * Writes customers that were read before, each only if it still has the version that was read, in one statement.
 *
 * @returns those that were written, as they are now.
 */
export type WriteCustomers = (
  executor: Executor,
  teamId: string,
  changed: readonly CustomerUpdate[],
) => Promise<StoredCustomer[]>;

/** What a statement says of a customer it wrote. The ORM's pool leaves times as PostgreSQL's text. */
interface Written {
  readonly uuid: string;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** Writes the statement from the entities' metadata; each connection prepares it once. */
export function prepareWriteCustomers(orm: MikroORM): WriteCustomers {
  const text = writeStatement(orm);

  return async (executor, teamId, changed) => {
    if (changed.length === 0) return [];
    const rows = changed.map(({ draft, version }) => ({ ...draft, version }));
    const replaced = changed.filter(({ hasChangedContacts }) => hasChangedContacts).map(({ draft }) => draft);
    const values = [
      teamId,
      toJson(columns, rows),
      replaced.map(({ uuid }) => uuid),
      toJson(contactColumns, replaced.flatMap(contactRows)),
      changed.length > 1,
    ];
    const result = await executor.query<Written>({ name: 'write-customers', text, values });
    const written = new Map(result.rows.map((row) => [row.uuid, row]));
    return rows.flatMap((row) => {
      const now = written.get(row.uuid);
      if (!now) return [];
      const { version, createdAt, updatedAt } = now;
      return [{ ...row, version, createdAt: new Date(createdAt), updatedAt: new Date(updatedAt) }];
    });
  };
}

function writeStatement(orm: MikroORM): string {
  const customer = names(orm, Customer);
  const contact = names(orm, Contact);
  const column = (property: string) => `customer.${customer.column(property)}`;
  const set = updatedColumns.map(([property]) => `${customer.column(property)} = given."${property}"`);
  const written = ['uuid', 'version', 'createdAt', 'updatedAt'].map(
    (property) => `${column(property)} as "${property}"`,
  );
  return `
    with ${teamLock}, changed as (
      update ${customer.table} as customer
      set ${set.join(', ')}, ${customer.column('version')} = ${column('version')} + 1,
        ${customer.column('updatedAt')} = now()
      from ${records(columns, 'given', '$2::json')}
      where ${column('uuid')} = given."uuid" and ${column('team')} = $1::uuid
        and ${column('version')} = given."version" and ${column('deletedAt')} is null
        and (not $5::boolean or exists (select from team_lock))
      returning ${written.join(', ')}
    ), removed as (
      delete from ${contact.table} as contact using changed
      where contact.${contact.column('customer')} = changed."uuid" and changed."uuid" = any($3::uuid[])
      returning 1
    ), added as (
      insert into ${contact.table} (${contact.columns(contactColumns)})
      select contact.* from ${records(contactColumns, 'contact', '$4::json')},
        -- Counts all that were removed before the first is added: their places and their ids are free then.
        (select count(*) from removed) as done
      where contact."customer" in (select "uuid" from changed)
    )
    select * from changed`;
}
