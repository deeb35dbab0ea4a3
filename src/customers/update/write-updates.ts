import { type MikroORM } from '@mikro-orm/postgresql';
import { rowsToJson } from '../../database/records.js';
import { numberParameters } from '../../database/statement.js';
import { type Executor } from '../../database/transaction.js';
import { contactColumns } from '../columns.js';
import { type StoredCustomer } from '../new-customer.js';
import { contactRows } from '../new-customer.js';
import { type Actor, actorValues } from '../events/actor.js';
import { type CustomerUpdate } from './apply-update.js';
import { versionedColumns, updateCustomersStatement } from './update-customers.statement.js';

/**
 * Stores updates of customers in one statement, each only if the customer still has the version that was read.
 *
 * @returns the customers that were stored.
 */
export type WriteUpdates = (
  executor: Executor,
  actor: Actor,
  changed: readonly CustomerUpdate[],
) => Promise<StoredCustomer[]>;

/** The columns that the statement returns. The ORM's pool returns times as PostgreSQL's text. */
interface Written {
  readonly uuid: string;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** Writes the statement from the entities' metadata; each connection prepares it once. */
export function prepareWriteUpdates(orm: MikroORM): WriteUpdates {
  const bind = numberParameters(updateCustomersStatement(orm));

  return async (executor, actor, changed) => {
    if (changed.length === 0) return [];
    const rows = changed.map(({ draft, version }) => ({ ...draft, version }));
    const replaced = changed.filter(({ hasChangedContacts }) => hasChangedContacts).map(({ draft }) => draft);
    const statement = bind({
      ...actorValues(actor),
      customers: rowsToJson(versionedColumns, rows),
      contactsOf: replaced.map(({ uuid }) => uuid),
      contacts: rowsToJson(contactColumns, replaced.flatMap(contactRows)),
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
