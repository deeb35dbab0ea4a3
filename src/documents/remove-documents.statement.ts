import { type Statement } from '../database/statement.js';

/** Removes documents of a client and gives the IDs of those that it had. */
export const removeDocumentsStatement: Statement = {
  text: `
    with removed as (
      delete from published_document where client_id = :'clientId' and id = any(:'ids'::text[]) returning id
    ), changed as (
      update api_client set documents_version = gen_random_uuid()
      where id = :'clientId' and exists (select from removed)
    )
    select id from removed`,
};
