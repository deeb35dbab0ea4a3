import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type FairStart } from '../concurrency/fair-start.js';
import { onBehalfOf } from '../database/statement-client.js';
import type { Tracing } from '../observability/tracing.js';
import { type Admission, admitRequest } from './admit-request.js';
import { type Authenticator, authenticateRequest } from './authenticate-request.js';
import { type Executor, executeRequest } from './execute-request.js';
import { decorateRequests } from './graphql-request.js';
import { SMALL_BODY_BYTES } from './read-body.js';
import { httpError, sendError } from './send-error.js';

export const GRAPHQL_PATH = '/graphql';

/** Dependencies of the route. */
export interface GraphQLRouteParts extends Admission, Authenticator, Executor {
  readonly starts: FairStart;
  /** Set when traces are wanted. */
  readonly tracing: Tracing | undefined;
}

/**
 * Adds `POST /graphql`. A request passes through these steps, each of which can end it:
 *
 * 1. {@link admitRequest}: its headers, before its body is read.
 * 2. {@link authenticateRequest}: its signature, the rate limit and its token, before its body is parsed.
 * 3. Its turn among the requests of its client, if its body is large, and of all clients ({@link FairStart}).
 * 4. {@link executeRequest}: its body and its operation.
 */
export function addGraphQLRoute(app: FastifyInstance, parts: GraphQLRouteParts): void {
  decorateRequests(app);
  app.route({
    method: 'POST',
    url: GRAPHQL_PATH,
    onRequest: (request, reply) => admitRequest(parts, request, reply),
    handler: (request, reply) => handle(parts, request, reply),
  });
  app.route({
    method: ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'PUT'],
    url: GRAPHQL_PATH,
    onRequest: async (_request, reply) =>
      sendError(
        reply,
        httpError(405, 'METHOD_NOT_ALLOWED', 'Method not allowed. Use POST.', { allow: 'POST' }),
      ),
    handler: () => undefined,
  });
}

async function handle(
  parts: GraphQLRouteParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { admitted } = request;
  if (!admitted) throw new Error('The route was reached without credentials');
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const authenticated = await authenticateRequest(parts, request, reply, admitted, body);
  if (!authenticated) return reply;

  const { clientId } = authenticated.caller;
  // Not before the signature is verified: anyone who knows the ID of a client could take its turns.
  if (body.length > SMALL_BODY_BYTES) await admitted.heavyTurn.take();
  await parts.starts.turnOf(clientId);
  // The client has left while it waited. Nothing was done.
  if (reply.raw.destroyed) return reply;
  const run = () =>
    onBehalfOf(clientId, () => executeRequest(parts, request, reply, admitted, authenticated, body));
  try {
    return await (parts.tracing ? parts.tracing.serve(request, reply, run) : run());
  } finally {
    parts.starts.addBytes(clientId, body.length, admitted.response.peak);
  }
}
