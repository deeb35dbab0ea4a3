import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Documents } from './documents.ts';
import type { SendToGateway } from './gateway.ts';

/** Maximum request body, many times the size of a form with every field at its maximum length. */
const BODY_LIMIT_BYTES = 256 * 1024;

/** The page's request body: the ID of an operation, never its text. */
const OperationCall = z.strictObject({
  documentId: z.string(),
  variables: z.record(z.string(), z.unknown()).default({}),
});

/**
 * Adds `POST /graphql`. The route accepts only the page's persisted operations and only requests from the page, so that
 * another client cannot send arbitrary operations with the credentials of this server.
 */
export function addOperationsRoute(
  app: FastifyInstance,
  documents: Documents,
  sendToGateway: SendToGateway,
): void {
  app.route({
    method: 'POST',
    url: '/graphql',
    bodyLimit: BODY_LIMIT_BYTES,
    onRequest: async (request, reply) =>
      isSameOrigin(request)
        ? undefined
        : sendError(reply, 403, 'FOREIGN_ORIGIN', 'Send requests from the page of this app.'),
    handler: async (request, reply) => {
      const call = OperationCall.safeParse(request.body);
      if (!call.success) return sendError(reply, 400, 'BAD_REQUEST', z.prettifyError(call.error));
      const { documentId, variables } = call.data;
      if (!Object.hasOwn(documents, documentId)) {
        return sendError(reply, 404, 'UNKNOWN_DOCUMENT', 'This page is out of date. Reload it.');
      }
      const { status, headers, body } = await sendToGateway({ documentId, variables }, request);
      return reply.code(status).headers(headers).header('cache-control', 'no-store').send(body);
    },
  });
}

/**
 * Whether the page of this server sent the request. A browser sets the origin of a POST request and no page can forge it,
 * which prevents cross-site request forgery and DNS rebinding. Put your app's public origin here, such as
 * `https://app.example`.
 */
function isSameOrigin({ headers, socket }: FastifyRequest): boolean {
  const origins = ['127.0.0.1', 'localhost'].map((host) => `http://${host}:${socket.localPort}`);
  return headers.origin !== undefined && origins.includes(headers.origin);
}

/** Sends an error in the form of a GraphQL response, so that the page reads all responses the same way. */
export function sendError(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  const extensions = { code, requestId: reply.request.id };
  return reply
    .code(status)
    .header('x-request-id', reply.request.id)
    .send({ errors: [{ message, extensions }] });
}
