import { numberParameters } from '../database/statement.js';
import { type Executor } from '../database/transaction.js';
import { listPublishedDocumentsStatement } from './list-published-documents.statement.js';

/** A published document without its source. */
export interface ListedDocument {
  readonly id: string;
  /** SHA-256 of the source, in hex. */
  readonly hash: string;
  readonly bytes: number;
  readonly operationNames: readonly string[];
  /** When a manifest with the document was last published. */
  readonly publishedAt: Date;
}

type Row = Omit<ListedDocument, 'publishedAt'> & { readonly publishedAt: string };

const list = numberParameters(listPublishedDocumentsStatement);

/** The documents of a client, at most `limits.documents`, those published last first. */
export async function listPublishedDocuments(
  executor: Executor,
  clientId: string,
): Promise<ListedDocument[]> {
  const { rows } = await executor.query<Row>(list({ clientId }));
  return rows.map(({ publishedAt, ...row }) => ({ ...row, publishedAt: new Date(publishedAt) }));
}
