import { randomUUID } from 'node:crypto';
import { PublishedDocuments } from '../dist/src/documents/published-documents.js';
import { publishDocuments } from '../dist/src/documents/publish-documents.js';
import { removeDocuments } from '../dist/src/documents/remove-documents.js';
import { limits } from '../dist/src/documents/limits.js';
import { type BenchDatabase } from './database.ts';
import { type PlannedWork } from './plan-history.ts';

/** Clients that have as many documents as they may. */
const CLIENTS = 100;

/** Gives many clients, and the client of the bench, as many documents as they may have. */
export async function fillDocuments(database: BenchDatabase): Promise<void> {
  await database.query(
    `with others as (
       insert into api_client (id, name) select uuidv7(), 'Client ' || n from generate_series(1, $2::int) as n returning id
     ), clients as (
       select id from others union all select $1
     )
     insert into published_document (client_id, id, source, hash, operation_names)
     select clients.id, 'id-' || n, '{ __typename }', sha256('{ __typename }'), '{}'
     from clients, generate_series(1, $3::int) as n`,
    [database.client.clientId, CLIENTS, limits.documents],
  );
  await database.query('vacuum analyze published_document');
}

/** What the gateway and the commands of the operator do with published documents. */
export function documentsWork({ client: { clientId } }: BenchDatabase): PlannedWork[] {
  return [
    {
      name: 'the first request with the ID of a document',
      statements: 2,
      run: ({ orm }) =>
        new PublishedDocuments(orm).find({ clientId, documentsVersion: randomUUID() }, 'id-1'),
    },
    {
      name: 'the publication of a document that is published',
      statements: 3,
      run: ({ orm }) => {
        const document = { id: 'id-1', source: '{ __typename }', operationNames: [] };
        return publishDocuments(orm, clientId, { documents: [document], problems: [] });
      },
    },
    {
      name: 'the removal of 100 documents',
      statements: 2,
      run: ({ orm }) =>
        removeDocuments(
          orm,
          clientId,
          Array.from({ length: 100 }, (_, index) => `id-${index + 1}`),
        ),
    },
  ];
}
