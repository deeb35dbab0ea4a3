import { type ApolloServer, HeaderMap } from '@apollo/server';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { unauthenticated } from '../auth/authentication-failure.js';
import { type ReplayGuard } from '../auth/replay-guard.js';
import { ScopeCheck } from '../auth/scope-check.js';
import { SignatureClaim } from '../auth/signature-claim.js';
import { type Config } from '../config/config.js';
import { type Webhooks } from '../webhooks/webhook-context.js';
import { type CustomerRepository } from '../customers/customer-repository.js';
import { type PublishedDocuments } from '../documents/published-documents.js';
import { resolveDocument } from '../documents/resolve-document.js';
import { errorCodes } from '../errors/error-codes.js';
import { checkDocumentBytes } from '../graphql/bounds/check-document-bytes.js';
import { type GatewayContext } from '../graphql/context.js';
import { RequestRecord } from '../observability/request-record.js';
import { rateLimitError } from '../rate-limit/rate-limit-error.js';
import { limitHeaders } from '../rate-limit/request-limit.js';
import { type AuthenticatedRequest } from './authenticate-request.js';
import { type AdmittedRequest } from './graphql-request.js';
import { parseJsonBody } from './parse-body.js';
import { readTarget } from './request-target.js';
import { httpError, JSON_TYPE, mediaTypeFor, sendError } from './send-error.js';

/** Responses up to this size fit into the buffers of the operating system. */
const UNATTENDED_BYTES = 65_536;

/** Dependencies of request execution. */
export interface Executor {
  readonly apollo: ApolloServer<GatewayContext>;
  readonly replays: ReplayGuard;
  readonly customers: CustomerRepository;
  readonly webhooks: Webhooks;
  readonly documents: PublishedDocuments;
  readonly bounds: Pick<Config['bounds'], 'documentBytes' | 'inputFields' | 'listItems'>;
  /** How long a client may take to read a response of more than 64 KiB, in ms. */
  readonly responseTimeoutMs: number;
}

/** Parses the body of an authenticated request, executes its operation and sends the response. */
export async function executeRequest(
  executor: Executor,
  request: FastifyRequest,
  reply: FastifyReply,
  { credentials, declaredBody, response, heavyTurn }: AdmittedRequest,
  { caller, scopes, client, limit }: AuthenticatedRequest,
  body: Buffer,
): Promise<FastifyReply> {
  const record = new RequestRecord();
  request.record = record;
  response.checkRoom();
  try {
    // The signature does not cover the query string, so it must not have an effect.
    if (readTarget(request.raw.url ?? '').search !== undefined) {
      throw httpError(400, 'BAD_REQUEST', 'The URL must not have a query string.');
    }
    const parsed = parseJsonBody(body, declaredBody, executor.bounds);
    const operation = await resolveDocument(executor.documents, client, parsed);
    checkDocumentBytes(operation, executor.bounds);
    return await executeOperation(executor, reply, operation, {
      authentication: { caller },
      signature: new SignatureClaim(executor.replays, credentials.signature),
      scopes: new ScopeCheck(scopes),
      requestId: request.id,
      log: request.log,
      limit,
      record,
      response,
      heavyTurn,
      customers: executor.customers,
      webhooks: executor.webhooks,
    });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    reply.headers(limitHeaders(limit.tightest));
    return sendError(reply, limit.isRefused ? rateLimitError(limit.tightest, 200) : error);
  }
}

async function executeOperation(
  { apollo, responseTimeoutMs }: Executor,
  reply: FastifyReply,
  body: unknown,
  context: GatewayContext,
): Promise<FastifyReply> {
  // Apollo negotiates after execution and could return 406 for a stored change, so it gets a type that it supports.
  const mediaType = mediaTypeFor(reply.request.headers.accept);
  const headers = new HeaderMap([
    // JSON is what Apollo sends without the header, and then it has nothing to negotiate.
    ...(mediaType === JSON_TYPE ? [] : [['accept', mediaType] as const]),
    ['content-type', 'application/json'],
  ]);
  const response = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method: reply.request.method, headers, search: '', body },
    context: async () => context,
  });
  // Only execution finds out that there is a mutation. A replay gets the response of an unknown caller.
  if (context.signature.isReplay) {
    return sendError(reply, unauthenticated({ reason: 'SIGNATURE_REPLAYED' }));
  }
  if (response.body.kind !== 'complete') throw new Error('The schema has no incremental delivery');
  reply.headers(limitHeaders(context.limit.tightest));
  // Without `data`: a response that has it must have a status of 2xx (GraphQL over HTTP).
  if (context.scopes.refusal) {
    context.record.failAll(errorCodes.FORBIDDEN);
    return sendError(reply, context.scopes.refusal);
  }
  for (const [name, value] of response.headers) reply.header(name, value);
  const bytes = Buffer.byteLength(response.body.string);
  context.response.setResponse(bytes);
  if (bytes > UNATTENDED_BYTES) endUnread(reply, responseTimeoutMs);
  return reply.code(response.status ?? 200).send(response.body.string);
}

/** Ends the connection of a client that does not read a large response in time: until then it takes up memory. */
function endUnread(reply: FastifyReply, timeoutMs: number): void {
  const timer = setTimeout(() => reply.raw.destroy(), timeoutMs);
  timer.unref();
  reply.raw.once('close', () => {
    clearTimeout(timer);
  });
}
