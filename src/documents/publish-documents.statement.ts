import { type Statement } from '../database/statement.js';

/** Stores the documents of a manifest. Those that the client has already get the new time. */
export const publishDocumentsStatement: Statement = {
  text: `
    with changed as (
      update api_client set documents_version = gen_random_uuid() where id = :'clientId'
    )
    insert into published_document (client_id, id, source, hash, operation_names)
    select :'clientId'::uuid, id, source, sha256(convert_to(source, 'UTF8')), "operationNames"
    from json_to_recordset(:'documents') as sent ("id" text, "source" text, "operationNames" text[])
    on conflict (client_id, id) do update set published_at = excluded.published_at`,
};
