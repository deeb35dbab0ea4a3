import { readOperation } from './operation.js';

/** The body that every attempt sends. */
export interface RequestBody {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /**
   * Whether a request can be retried even if it may have been executed: true for queries, and for mutations with an
   * idempotency key, for which the gateway returns the original result.
   */
  readonly isRepeatable: boolean;
}

/** The sources of published documents, by their IDs. */
export type PublishedDocuments = Readonly<Record<string, string>>;

/**
 * Sets a new UUID as the idempotency key of a mutation that declares `$idempotencyKey`, if the variables omit it. If the
 * variable is null, no key is set.
 *
 * @param documents - for requests that have the ID of a document in place of its text. A request whose text is unknown could be any
 *   mutation, so it is not repeatable, even with a key: the document may have fields that the key does not cover.
 */
export function prepareBody(bytes: Uint8Array<ArrayBuffer>, documents: PublishedDocuments = {}): RequestBody {
  const request = parse(bytes);
  const document = request && documentOf(request, documents);
  if (!request || document === undefined) return { bytes, isRepeatable: false };
  const { operationName, variables } = request;
  const operation = readOperation(document, typeof operationName === 'string' ? operationName : undefined);
  if (operation?.type === 'query') return { bytes, isRepeatable: true };
  if (operation?.type !== 'mutation' || !operation.declaresKey) return { bytes, isRepeatable: false };

  const { isSingle } = operation;
  const known = isRecord(variables) ? variables : {};
  const key = known['idempotencyKey'];
  if (key !== undefined) return { bytes, isRepeatable: isSingle && typeof key === 'string' };
  const filled = { ...request, variables: { ...known, idempotencyKey: crypto.randomUUID() } };
  return { bytes: new TextEncoder().encode(JSON.stringify(filled)), isRepeatable: isSingle };
}

/** The text of a request, or of the document that it names by `documentId` or by Apollo's extension. */
function documentOf(request: Record<string, unknown>, documents: PublishedDocuments): string | undefined {
  const { query, documentId, extensions } = request;
  if (typeof query === 'string') return query;
  const { persistedQuery } = isRecord(extensions) ? extensions : {};
  const id = documentId ?? (isRecord(persistedQuery) ? persistedQuery['sha256Hash'] : undefined);
  if (typeof id !== 'string') return undefined;
  const hash = id.replace(/^sha256:/, '');
  // The gateway takes both forms of a hash as one ID.
  const known = [id, hash, `sha256:${hash}`].find((form) => Object.hasOwn(documents, form));
  return known === undefined ? undefined : documents[known];
}

/** Parses the body as a JSON object. The gateway rejects anything else. */
function parse(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
