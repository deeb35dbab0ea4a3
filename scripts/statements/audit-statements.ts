import { insertAuditEntryStatement } from '../../dist/src/audit/insert-audit-entry.statement.js';
import { listAuditEntriesStatement } from '../../dist/src/audit/list-audit-entries.statement.js';
import { unprepared } from './customer-statements.ts';
import { type Section } from './listed-statement.ts';

/** The statements of the audit log. */
export function auditStatements(): Section[] {
  return [
    {
      heading: 'Audit log',
      statements: [
        unprepared(
          'insert-audit-entry',
          insertAuditEntryStatement,
          'For each change by a command of the operator, in the transaction of the change.',
        ),
        unprepared('list-audit-entries', listAuditEntriesStatement, 'For the list of changes.'),
      ],
    },
  ];
}
