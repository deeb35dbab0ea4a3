import { type Statement } from '../database/statement.js';

/** Gives the documents of a client without their sources, those published last first. */
export const listPublishedDocumentsStatement: Statement = {
  name: 'list-published-documents',
  text: `
    select id, encode(hash, 'hex') as "hash", octet_length(source) as "bytes", operation_names as "operationNames",
      published_at as "publishedAt"
    from published_document
    where client_id = :'clientId'
    order by published_at desc, id`,
};
