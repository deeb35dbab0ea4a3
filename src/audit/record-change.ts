import { EntityManager } from '@mikro-orm/postgresql';
import { numberParameters } from '../database/statement.js';
import { type Executor } from '../database/transaction.js';
import { newUuid } from '../database/uuid.js';
import { type Change } from './change.js';
import { insertAuditEntryStatement } from './insert-audit-entry.statement.js';
import { type Operator } from './operator.js';

/**
 * Adds a change to the audit log. Neither the change nor its entry is stored without the other if `transaction` is the transaction of
 * the change.
 */
export type RecordChange = (transaction: EntityManager | Executor, change: Change) => Promise<void>;

const insertEntry = numberParameters(insertAuditEntryStatement);

/** Records changes of one command. @param action - the words of the command, joined by a period. */
export function changeRecorder(operator: Operator, action: string): RecordChange {
  return async (transaction, { teamId = null, clientId = null, details = {} }) => {
    const entry = insertEntry({
      ...operator,
      pid: String(operator.pid),
      id: newUuid(),
      action,
      teamId,
      clientId,
      details: JSON.stringify(details),
    });
    if (transaction instanceof EntityManager) {
      // The ORM's marks for parameters. Each parameter is in the statement once.
      await transaction.execute(entry.text.replaceAll(/\$\d+/g, '?'), entry.values);
    } else await transaction.query(entry);
  };
}
