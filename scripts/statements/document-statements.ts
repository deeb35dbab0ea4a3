import { findPublishedDocumentStatement } from '../../dist/src/documents/find-published-document.statement.js';
import { listPublishedDocumentsStatement } from '../../dist/src/documents/list-published-documents.statement.js';
import { lockClientStatement } from '../../dist/src/documents/lock-client.statement.js';
import { publishDocumentsStatement } from '../../dist/src/documents/publish-documents.statement.js';
import { removeDocumentsStatement } from '../../dist/src/documents/remove-documents.statement.js';
import { prepared, unprepared } from './customer-statements.ts';
import { type Section } from './listed-statement.ts';

/** The statements of published documents. */
export function documentStatements(): Section[] {
  return [
    {
      heading: 'Published documents',
      statements: [
        prepared(
          listPublishedDocumentsStatement,
          'For the first request with the ID of a document since the documents of its client changed, and for the commands of the operator.',
        ),
        prepared(
          findPublishedDocumentStatement,
          'For a request with the ID of a document whose source is not in the cache.',
        ),
        unprepared(
          'lock-client-for-documents',
          lockClientStatement,
          'First, for a publication or a removal.',
        ),
        unprepared(
          'publish-documents',
          publishDocumentsStatement,
          'Third, for a publication, after list-published-documents.',
        ),
        unprepared('remove-documents', removeDocumentsStatement, 'Second, for a removal.'),
      ],
    },
  ];
}
