import { randomUUID } from 'node:crypto';
import fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import type { Documents } from './documents.ts';
import type { SendToGateway } from './gateway.ts';
import { addOperationsRoute, sendError } from './operations.ts';
import { addPage, addPageInDevelopment } from './page.ts';

/** Builds the server of the page and its operations, on one origin. */
export async function buildServer(
  documents: Documents,
  sendToGateway: SendToGateway,
  isDevelopment: boolean,
): Promise<FastifyInstance> {
  const app = fastify({
    logger: { level: 'warn' },
    genReqId: () => randomUUID(),
    // Browsers keep idle connections open, which would delay a shutdown. Interrupted requests are safe to retry.
    forceCloseConnections: true,
  });
  // A form of another site can send text/plain without a preflight request, but not JSON.
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return sendError(reply, status, 'BAD_REQUEST', error.message);
    request.log.error({ err: error }, 'Unexpected error.');
    return sendError(reply, status, 'INTERNAL_SERVER_ERROR', 'Something went wrong. Try again.');
  });
  await (isDevelopment ? addPageInDevelopment(app) : addPage(app));
  addOperationsRoute(app, documents, sendToGateway);
  return app;
}
