import { type ApolloServer, HeaderMap } from '@apollo/server';
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { authorize, type Caller, refuseUnproven } from '../auth/authenticate.js';
import { type ClientDirectory } from '../auth/client-directory.js';
import { type Credentials, readCredentials } from '../auth/credentials.js';
import { unauthenticated } from '../auth/refusal.js';
import { type ReplayGuard } from '../auth/replay-guard.js';
import { SignatureUse } from '../auth/signature-use.js';
import { type TokenDirectory } from '../auth/token-directory.js';
import { type Config } from '../config/config.js';
import { type ClientTurns, type Turn } from '../concurrency/client-turns.js';
import { type CustomerStore } from '../customers/customer-store.js';
import { onBehalfOf } from '../database/statement-client.js';
import { checkDocumentBytes } from '../graphql/bounds/check-document-bytes.js';
import { ResponseBytes, type ResponseLimits } from '../concurrency/response-bytes.js';
import { type GatewayContext } from '../graphql/context.js';
import { RequestRecord } from '../observability/request-record.js';
import type { Tracing } from '../observability/tracing.js';
import { type ClientLimits } from '../rate-limit/client-limits.js';
import { type Decision } from '../rate-limit/limiter.js';
import { rateLimitError } from '../rate-limit/rate-limit-error.js';
import { limitHeaders, type RequestLimit } from '../rate-limit/request-limit.js';
import { SMALL_BODY_BYTES } from './body-reader.js';
import { answerWithError, httpError, mediaTypeFor } from './error-answer.js';
import { type FairStart } from '../concurrency/fair-start.js';
import { type DeclaredBody, declaredBody, readJson } from './request-body.js';
import { readTarget } from './request-target.js';

export const GRAPHQL_PATH = '/graphql';

/** A larger body that is not read ends its connection. */
const UNREAD_BYTES = 65_536;

/** Responses up to this size fit into the buffers of the operating system. */
const UNATTENDED_BYTES = 65_536;

/** What the route joins. */
export interface GraphQLRouteParts {
  readonly apollo: ApolloServer<GatewayContext>;
  readonly clients: ClientDirectory;
  readonly tokens: TokenDirectory;
  readonly replays: ReplayGuard;
  readonly limits: ClientLimits;
  readonly customers: CustomerStore;
  readonly bounds: Pick<Config['bounds'], 'documentBytes' | 'inputFields' | 'listItems'>;
  readonly responses: ResponseLimits;
  readonly starts: FairStart;
  /** Turns of requests that list customers or have large bodies. */
  readonly heavy: ClientTurns;
  /** How long a client may take to read a response of more than 64 KiB, in ms. */
  readonly responseTimeoutMs: number;
  readonly signatureToleranceMs: number;
  /** Set when traces are wanted. */
  readonly tracing: Tracing | undefined;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** What the headers say of the caller, once they are in the right form. */
    credentials: Credentials | undefined;
    declaredBody: DeclaredBody | undefined;
    caller: Caller | undefined;
    limit: RequestLimit | undefined;
    record: RequestRecord | undefined;
    /** What the response takes of the memory for responses, and the turn of a heavy request. */
    held: { readonly response: ResponseBytes; readonly heavyTurn: Turn } | undefined;
  }
}

/**
 * `POST /graphql`. The caller is refused as early as can be: by the headers alone before the body is read, by
 * signature and token before it is parsed.
 */
export function addGraphQLRoute(app: FastifyInstance, parts: GraphQLRouteParts): void {
  app.decorateRequest('credentials', undefined);
  app.decorateRequest('declaredBody', undefined);
  app.decorateRequest('caller', undefined);
  app.decorateRequest('limit', undefined);
  app.decorateRequest('record', undefined);
  app.decorateRequest('held', undefined);

  app.route({
    method: 'POST',
    url: GRAPHQL_PATH,
    onRequest: async (request, reply) => {
      const read = readCredentials(request.raw.rawHeaders, Date.now(), parts.signatureToleranceMs);
      if ('refusal' in read) return answerWithError(reply, unauthenticated(read.refusal));
      const refusal = parts.limits.refusalOf(read.credentials.clientId);
      if (refusal) return turnAway(reply, refusal);
      const { clientId } = read.credentials;
      // Before anything is held: a client can leave at any time.
      const held = {
        response: new ResponseBytes(clientId, parts.responses),
        heavyTurn: parts.heavy.turnOf(clientId),
      };
      request.held = held;
      reply.raw.once('close', () => {
        request.releaseBody?.();
        held.response.release();
        // Not before the response is sent: a client that does not read its responses gets no more of them.
        held.heavyTurn.end();
      });
      const isKnown = (await parts.clients.secretsOf(clientId)).length > 0;
      request.client = { clientId, isKnown };
      request.credentials = read.credentials;
      request.declaredBody = declaredBody(request.raw.headers);
      // Otherwise Fastify returns 415 for an invalid media type before the caller is authenticated.
      delete request.raw.headers['content-type'];
      const bytes = Number(request.raw.headers['content-length'] ?? Infinity);
      if (isKnown && bytes > SMALL_BODY_BYTES) await held.heavyTurn.take();
      return undefined;
    },
    handler: (request, reply) => handle(parts, request, reply),
  });

  app.route({
    method: ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'PUT'],
    url: GRAPHQL_PATH,
    onRequest: async (_request, reply) =>
      answerWithError(
        reply,
        httpError(405, 'METHOD_NOT_ALLOWED', 'Only POST is served here.', { allow: 'POST' }),
      ),
    handler: () => undefined,
  });
}

async function handle(
  parts: GraphQLRouteParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { credentials, declaredBody: declared, held } = request;
  if (!credentials || !declared || !held) throw new Error('The route was reached without credentials');
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const { path, search } = readTarget(request.raw.url ?? '');

  const refusal = await refuseUnproven(parts.clients, credentials, { method: request.method, path, body });
  if (refusal) return answerWithError(reply, unauthenticated(refusal));
  const limit = await parts.limits.begin(credentials.clientId);
  request.limit = limit;
  if (limit.isRefused && parts.limits.refusalOf(credentials.clientId)) return turnAway(reply, limit.tightest);

  const { clientId } = credentials;
  const authentication = await onBehalfOf(clientId, () => authorize(parts.tokens, credentials));
  if ('refusal' in authentication) return answerWithError(reply, unauthenticated(authentication.refusal));
  request.caller = authentication.caller;
  await parts.starts.turnOf(clientId);
  // The client has left while it waited. Nothing was done.
  if (reply.raw.destroyed) return reply;

  const run = () =>
    onBehalfOf(clientId, () =>
      serve(parts, request, reply, {
        limit,
        authentication,
        signature: credentials.signature,
        search,
        body,
        declared,
        ...held,
      }),
    );
  return parts.tracing ? parts.tracing.serve(request, reply, run) : run();
}

/** Returns 429 (RFC 6585, section 4) without parsing the request. */
function turnAway(reply: FastifyReply, decision: Decision): FastifyReply {
  reply.headers(limitHeaders(decision));
  // To read a large body only to keep the connection would cost more than the request.
  const bytes = Number(reply.request.headers['content-length'] ?? Infinity);
  if (!reply.request.raw.complete && bytes > UNREAD_BYTES) reply.header('connection', 'close');
  return answerWithError(reply, rateLimitError(decision, 429));
}

/** A request whose caller is known, as {@link handle} has read it. */
interface Known {
  readonly limit: RequestLimit;
  readonly authentication: { readonly caller: Caller };
  readonly signature: string;
  readonly search: string | undefined;
  readonly body: Buffer;
  readonly declared: DeclaredBody;
  readonly response: ResponseBytes;
  readonly heavyTurn: Turn;
}

async function serve(
  parts: GraphQLRouteParts,
  request: FastifyRequest,
  reply: FastifyReply,
  { limit, authentication, signature, search, body, declared, response, heavyTurn }: Known,
): Promise<FastifyReply> {
  const record = new RequestRecord();
  request.record = record;
  response.checkRoom();
  try {
    // The signature covers no query string, so nothing in one may count.
    if (search !== undefined) throw httpError(400, 'BAD_REQUEST', 'The URL must have no query string.');
    const document = readJson(body, declared, parts.bounds);
    checkDocumentBytes(document, parts.bounds);
    const context = {
      authentication,
      signature: new SignatureUse(parts.replays, signature),
      requestId: request.id,
      log: request.log,
      limit,
      record,
      response,
      heavyTurn,
      customers: parts.customers,
    };
    return await execute(parts, request, reply, document, context);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    reply.headers(limitHeaders(limit.tightest));
    return answerWithError(reply, limit.isRefused ? rateLimitError(limit.tightest, 200) : error);
  }
}

async function execute(
  parts: GraphQLRouteParts,
  request: FastifyRequest,
  reply: FastifyReply,
  body: unknown,
  context: GatewayContext,
): Promise<FastifyReply> {
  // Apollo negotiates after execution and could return 406 for a stored change, so it gets types that it supports.
  const headers = new HeaderMap([
    ['accept', mediaTypeFor(request.headers.accept)],
    ['content-type', 'application/json'],
  ]);
  const answer = await parts.apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method: request.method, headers, search: '', body },
    context: async () => context,
  });
  // Only execution finds out that there is a mutation. A replay is answered like every caller that we don't know.
  if (context.signature.isReplay) {
    return answerWithError(reply, unauthenticated({ reason: 'SIGNATURE_REPLAYED' }));
  }
  if (answer.body.kind !== 'complete') throw new Error('The schema has no incremental delivery');
  for (const [name, value] of answer.headers) reply.header(name, value);
  reply.headers(limitHeaders(context.limit.tightest));
  const bytes = Buffer.byteLength(answer.body.string);
  context.response.setResponse(bytes);
  if (bytes > UNATTENDED_BYTES) endUnread(reply, parts.responseTimeoutMs);
  return reply.code(answer.status ?? 200).send(answer.body.string);
}

/** Ends the connection of a client that does not read a large response in time: until then it takes up memory. */
function endUnread(reply: FastifyReply, timeoutMs: number): void {
  const timer = setTimeout(() => reply.raw.destroy(), timeoutMs);
  timer.unref();
  reply.raw.once('close', () => {
    clearTimeout(timer);
  });
}
