import { type MikroORM } from '@mikro-orm/postgresql';
import { LRUCache } from 'lru-cache';
import { type KnownClient } from '../auth/client-cache.js';
import { numberParameters } from '../database/statement.js';
import { canonicalId } from './document-id.js';
import { findPublishedDocumentStatement } from './find-published-document.statement.js';
import { listPublishedDocuments } from './list-published-documents.js';

/** Maximum size of the cached lists of IDs, in bytes. */
const MAX_LIST_BYTES = 16 * 1_048_576;

/** Maximum size of the cached sources, in bytes. */
const MAX_SOURCE_BYTES = 32 * 1_048_576;

/** Upper bound of the memory of an entry of a cache or a list beside its characters, in bytes. */
const ENTRY_BYTES = 256;

/** The client whose documents are read. */
export type DocumentOwner = Pick<KnownClient, 'clientId' | 'documentsVersion'>;

/** The hash of the source of each document, by its ID. */
type DocumentList = ReadonlyMap<string, string>;

const findDocument = numberParameters(findPublishedDocumentStatement);

/**
 * Caches the published documents of clients: the list of a client's IDs until it changes, and the sources that were used last.
 *
 * `documentsVersion` comes with the cached clients, which are at most 5 s old: a publication or a removal takes effect within that
 * time. A list has every ID of its client, so an unknown ID costs no query.
 */
export class PublishedDocuments {
  /** By `documentsVersion`. */
  readonly #lists: LRUCache<string, DocumentList, string>;
  /** By the hash of the source: a source that several clients have published is kept once. */
  readonly #sources: LRUCache<string, string, { readonly clientId: string; readonly id: string }>;

  constructor(orm: MikroORM) {
    const openPool = () => orm.em.getConnection().getNativeClient();
    this.#lists = new LRUCache({
      maxSize: MAX_LIST_BYTES,
      sizeCalculation: bytesOf,
      fetchMethod: async (_version, _stale, { context: clientId }) => {
        const documents = await listPublishedDocuments(await openPool(), clientId);
        return new Map(documents.map(({ id, hash }) => [id, hash]));
      },
    });
    this.#sources = new LRUCache({
      maxSize: MAX_SOURCE_BYTES,
      sizeCalculation: (source) => source.length * 2 + ENTRY_BYTES,
      fetchMethod: async (hash, _stale, { context }) => {
        const pool = await openPool();
        const { rows } = await pool.query<{ source: string }>(findDocument({ ...context, hash }));
        return rows[0]?.source;
      },
    });
  }

  /** Returns the source of a client's document, or undefined if the client has no document with this ID. */
  async find({ clientId, documentsVersion }: DocumentOwner, documentId: string): Promise<string | undefined> {
    if (documentsVersion === null) return undefined;
    const list = await this.#lists.fetch(documentsVersion, { context: clientId });
    const id = canonicalId(documentId);
    const hash = list?.get(id);
    return hash === undefined ? undefined : this.#sources.fetch(hash, { context: { clientId, id } });
  }
}

function bytesOf(list: DocumentList): number {
  let bytes = ENTRY_BYTES;
  for (const [id, hash] of list) bytes += id.length + hash.length + ENTRY_BYTES;
  return bytes;
}
