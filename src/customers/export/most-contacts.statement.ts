import { type Statement } from '../../database/statement.js';

export const mostContactsStatement: Statement = {
  text: `
    select count(*)::int as "count" from contact
    where customer_id in (select id from customer where team_id = :'teamId'::uuid and deleted_at is null)
    group by customer_id order by 1 desc limit 1`,
};
