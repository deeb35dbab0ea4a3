import { type MikroORM } from '@mikro-orm/postgresql';
import { firstIds } from '../audit/change.js';
import { type RecordChange } from '../audit/record-change.js';
import { withRetries } from '../database/retry.js';
import { numberParameters } from '../database/statement.js';
import { type Executor, inTransaction } from '../database/transaction.js';
import { hashSource } from './document-id.js';
import { type DocumentProblem } from './document-problem.js';
import { limits } from './limits.js';
import { listPublishedDocuments } from './list-published-documents.js';
import { type ManifestDocument } from './manifest.js';
import { lockClientStatement } from './lock-client.statement.js';
import { publishDocumentsStatement } from './publish-documents.statement.js';

/** A valid document. */
export interface CheckedDocument extends ManifestDocument {
  readonly operationNames: readonly string[];
}

/** The valid documents of a manifest, and its problems. */
export interface CheckedManifest {
  readonly documents: readonly CheckedDocument[];
  readonly problems: readonly DocumentProblem[];
}

/** Numbers of documents that were stored, and that the client had already. */
export interface Publication {
  readonly published: number;
  readonly unchanged: number;
}

const lockClient = numberParameters(lockClientStatement);
const publish = numberParameters(publishDocumentsStatement);

/**
 * Publishes the documents of a manifest for a client, or nothing if the manifest has a problem. Idempotent. An ID that the client has
 * with another source is a problem: released apps that use the ID would execute another operation.
 *
 * @returns the problems of the manifest, with those that the database shows; undefined if the client does not exist or is revoked.
 */
export async function publishDocuments(
  orm: MikroORM,
  clientId: string,
  { documents, problems: known }: CheckedManifest,
  recordChange?: RecordChange,
): Promise<Publication | { readonly problems: readonly DocumentProblem[] } | undefined> {
  const pool = await orm.em.getConnection().getNativeClient();
  const store = async (executor: Executor) => {
    const { rows } = await executor.query(lockClient({ clientId }));
    if (rows.length === 0) return undefined;
    const stored = await listPublishedDocuments(executor, clientId);
    const hashes = new Map(stored.map(({ id, hash }) => [id, hash]));
    const added = documents.filter(({ id }) => !hashes.has(id));
    const changed = documents.filter(
      ({ id, source }) => hashes.has(id) && hashes.get(id) !== hashSource(source),
    );
    const sizes = [...stored, ...added.map(({ source }) => ({ bytes: Buffer.byteLength(source) }))];
    const problems = [...known, ...changed.map(taken), ...exceededLimits(sizes)];
    if (problems.length > 0) return { problems };
    await executor.query(publish({ clientId, documents: JSON.stringify(documents) }));
    await recordChange?.(executor, {
      clientId,
      details: firstIds(
        'documents',
        added.map(({ id }) => id),
      ),
    });
    return { published: added.length, unchanged: documents.length - added.length };
  };
  return withRetries(() => inTransaction(pool, store));
}

const taken = ({ id }: ManifestDocument): DocumentProblem => ({
  id,
  code: 'ID_TAKEN',
  message: 'The client has published another document with this ID. Remove it first, or use another ID.',
});

/** @param all - the documents that the client would have. */
function exceededLimits(all: readonly { readonly bytes: number }[]): DocumentProblem[] {
  const bytes = all.reduce((sum, document) => sum + document.bytes, 0);
  const problems: DocumentProblem[] = [];
  const note = (found: number, limit: number, unit: string) => {
    if (found <= limit) return;
    const message = `The client would have ${found} ${unit}; at most ${limit} are allowed. Remove documents that are no longer used.`;
    problems.push({ id: null, code: 'TOO_MANY', message });
  };
  note(all.length, limits.documents, 'published documents');
  note(bytes, limits.clientBytes, 'bytes of published documents');
  return problems;
}
