import { type FastifyInstance } from 'fastify';

/** A database that does not answer within this time, in ms, is not one we can serve from. */
const READY_DEADLINE_MS = 1_000;

/**
 * `/healthz`: the process lives. `/readyz`: it can answer, 503 when not, so that no traffic is sent to it.
 *
 * @param askDatabase - resolves when the database answers.
 */
export function addHealthRoutes(app: FastifyInstance, askDatabase: () => Promise<unknown>): void {
  app.get('/healthz', async () => ({ status: 'ok' }));

  app.get('/readyz', async (request, reply) => {
    try {
      await Promise.race([askDatabase(), deadline(READY_DEADLINE_MS)]);
      return { status: 'ready' };
    } catch (error) {
      request.log.warn({ err: error }, 'not ready');
      return reply.code(503).send({ status: 'unavailable' });
    }
  });
}

function deadline(ms: number): Promise<never> {
  return new Promise((_resolve, reject) => {
    setTimeout(() => {
      reject(new Error(`The database did not answer within ${ms} ms`));
    }, ms).unref();
  });
}
