import { randomUUID } from 'node:crypto';
import fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import type { Ask } from './gateway.ts';
import { addOperationsRoute, refuse } from './operations.ts';
import { addPage, addPageInDevelopment } from './page.ts';

/** The page and what answers it, on one origin. */
export async function buildServer(ask: Ask, isDevelopment: boolean): Promise<FastifyInstance> {
  const app = fastify({
    logger: { level: 'warn' },
    genReqId: () => randomUUID(),
    // Browsers keep connections in store, and would hold up a stop. A request that is cut off can be sent again: it has a key.
    forceCloseConnections: true,
  });
  // A form of another site can send text without asking; JSON it cannot.
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return refuse(reply, status, 'BAD_REQUEST', error.message);
    request.log.error({ err: error }, 'unexpected error');
    return refuse(reply, status, 'INTERNAL_SERVER_ERROR', 'Something went wrong here.');
  });
  await (isDevelopment ? addPageInDevelopment(app) : addPage(app));
  await addOperationsRoute(app, ask);
  return app;
}
