import { type Statement } from '../../database/statement.js';

export const metadataKeysStatement: Statement = {
  text: `
    select distinct jsonb_object_keys(metadata) as "key"
    from customer where team_id = :'teamId'::uuid and deleted_at is null limit :'limit'`,
};
