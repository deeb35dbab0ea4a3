import { type Statement } from '../database/statement.js';

/** Gives the source of a document, or no row if it was removed or replaced since the list was read. */
export const findPublishedDocumentStatement: Statement = {
  name: 'find-published-document',
  text: `
    select source from published_document
    where client_id = :'clientId' and id = :'id' and hash = decode(:'hash', 'hex')`,
};
