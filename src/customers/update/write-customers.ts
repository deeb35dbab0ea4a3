import { type MikroORM } from '@mikro-orm/postgresql';
import { toJson } from '../../database/records.js';
import { numberParameters } from '../../database/statement.js';
import { type Executor } from '../../database/transaction.js';
import { contactColumns } from '../columns.js';
import { type StoredCustomer } from '../new-customer.js';
import { contactRows } from '../new-customer.js';
import { type CustomerUpdate } from './apply-update.js';
import { versionedColumns, writeCustomersStatement } from './write-customers.statement.js';

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
  const bind = numberParameters(writeCustomersStatement(orm));

  return async (executor, teamId, changed) => {
    if (changed.length === 0) return [];
    const rows = changed.map(({ draft, version }) => ({ ...draft, version }));
    const replaced = changed.filter(({ hasChangedContacts }) => hasChangedContacts).map(({ draft }) => draft);
    const statement = bind({
      teamId,
      customers: toJson(versionedColumns, rows),
      contactsOf: replaced.map(({ uuid }) => uuid),
      contacts: toJson(contactColumns, replaced.flatMap(contactRows)),
      isMany: changed.length > 1,
    });
    const result = await executor.query<Written>(statement);
    const written = new Map(result.rows.map((row) => [row.uuid, row]));
    return rows.flatMap((row) => {
      const now = written.get(row.uuid);
      if (!now) return [];
      const { version, createdAt, updatedAt } = now;
      return [{ ...row, version, createdAt: new Date(createdAt), updatedAt: new Date(updatedAt) }];
    });
  };
}
