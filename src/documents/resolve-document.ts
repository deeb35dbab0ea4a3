import { GraphQLError } from 'graphql';
import { type KnownClient } from '../auth/client-cache.js';
import { DocumentPolicy } from '../auth/document-policy.js';
import { errorCodes, type ErrorCode } from '../errors/error-codes.js';
import { canonicalId } from './document-id.js';
import { type PublishedDocuments } from './published-documents.js';

type Body = Readonly<Record<string, unknown>>;

/**
 * Puts the source of a published document into a request that names it: by `documentId` (GraphQL over HTTP, appendix A) or by
 * `extensions.persistedQuery` (https://www.apollographql.com/docs/apollo-server/performance/apq). Other requests are returned unchanged.
 *
 * A request with `query` and `extensions.persistedQuery` is the second attempt of a client whose document was not found. Its `query`
 * is executed, and nothing is registered.
 *
 * @param body - the JSON of the request. If it is not an object, it is returned unchanged.
 * @throws {GraphQLError} `PERSISTED_QUERY_NOT_FOUND`, or for a client that may only execute published documents
 *   `PERSISTED_QUERY_NOT_IN_LIST` or `PERSISTED_QUERY_ID_REQUIRED`; `BAD_REQUEST` if the document is not named in a valid way.
 */
export async function resolveDocument(
  documents: PublishedDocuments,
  client: KnownClient,
  body: unknown,
): Promise<unknown> {
  if (!isObject(body)) return body;
  const isPublishedOnly = client.documentPolicy === DocumentPolicy.PUBLISHED;
  const hasQuery = (body['query'] ?? null) !== null;
  if (hasQuery && isPublishedOnly) throw idRequired();
  const id = readId(body, hasQuery);
  if (id === undefined) {
    if (isPublishedOnly) throw idRequired();
    return body;
  }
  if (hasQuery) return withoutId(body);
  const query = await documents.find(client, id);
  if (query === undefined) throw isPublishedOnly ? notInList() : notFound();
  return { ...withoutId(body), query };
}

/** @returns undefined if the request names no document. */
function readId({ documentId = null, extensions }: Body, hasQuery: boolean): string | undefined {
  if (documentId !== null && typeof documentId !== 'string') {
    throw badRequest('`documentId` must be a string.');
  }
  if (documentId !== null && hasQuery) throw badRequest('Send either `query` or `documentId`, not both.');
  const { persistedQuery = null } = isObject(extensions) ? extensions : {};
  if (persistedQuery === null) return documentId ?? undefined;
  if (!isObject(persistedQuery) || persistedQuery['version'] !== 1) {
    throw badRequest('`extensions.persistedQuery` must have `version: 1`.');
  }
  const { sha256Hash } = persistedQuery;
  if (typeof sha256Hash !== 'string') {
    throw badRequest('`extensions.persistedQuery.sha256Hash` must be a string.');
  }
  if (documentId !== null && canonicalId(documentId) !== canonicalId(sha256Hash)) {
    throw badRequest('`documentId` and `extensions.persistedQuery` must name the same document.');
  }
  return sha256Hash;
}

/** The request as Apollo Server takes it: it does not know `documentId`, and refuses `extensions.persistedQuery`. */
function withoutId({ documentId: _documentId, ...request }: Body): Body {
  const { extensions } = request;
  if (!isObject(extensions)) return request;
  const { persistedQuery: _persistedQuery, ...others } = extensions;
  return { ...request, extensions: others };
}

function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every error has this status: nothing was executed, and the same request would fail again. */
function requestError(code: ErrorCode, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status: 400 } } });
}

const badRequest = (message: string) => requestError(errorCodes.BAD_REQUEST, message);

/** Apollo Client and urql recognize this message, and send the request again with its `query`. */
const notFound = () => requestError(errorCodes.PERSISTED_QUERY_NOT_FOUND, 'PersistedQueryNotFound');

/** Another code and message: a second attempt with `query` would be refused too. */
const notInList = () =>
  requestError(
    errorCodes.PERSISTED_QUERY_NOT_IN_LIST,
    'The client has published no document with this ID. Publish the manifest of this version of the app before its release.',
  );

const idRequired = () =>
  requestError(
    errorCodes.PERSISTED_QUERY_ID_REQUIRED,
    'This client may only execute published documents. Send `documentId` instead of `query`.',
  );
