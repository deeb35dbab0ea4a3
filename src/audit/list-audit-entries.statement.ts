import { type Statement } from '../database/statement.js';

/** Gives the newest entries of the audit log that match each filter. A filter that is null is not applied. */
export const listAuditEntriesStatement: Statement = {
  text: `
    select id, created_at as "createdAt", database_role as "databaseRole", operator, account, host,
      client_address as "clientAddress", pid, version, action, team_id as "teamId", client_id as "clientId", details
    from audit_entry
    where (:'since'::timestamptz is null or created_at >= :'since'::timestamptz)
      and (:'action'::text is null or action = :'action'::text or starts_with(action, :'action'::text || '.'))
      and (:'teamId'::uuid is null or team_id = :'teamId'::uuid)
      and (:'clientId'::uuid is null or client_id = :'clientId'::uuid)
      and (
        :'target'::text is null or :'target'::text in (team_id::text, client_id::text)
        or exists (
          select from jsonb_each(details) as detail
          where detail.value @> to_jsonb(:'target'::text)
        )
      )
    order by created_at desc, id desc
    limit :'limit'`,
};
