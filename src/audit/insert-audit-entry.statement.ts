import { type Statement } from '../database/statement.js';

/** Adds an entry to the audit log. The trigger of the table adds the time and the role. */
export const insertAuditEntryStatement: Statement = {
  text: `
    insert into audit_entry
      (id, operator, account, host, client_address, pid, version, action, team_id, client_id, details)
    values
      (:'id', :'operator', :'account', :'host', :'clientAddress', :'pid', :'version', :'action', :'teamId', :'clientId',
        :'details')`,
};
