import { type FastifyInstance } from 'fastify';
import { withTimeout } from '../concurrency/with-timeout.js';
import { type Draining } from './draining.js';

/** What does not answer within this time, in ms, is nothing we can serve from. */
const READY_DEADLINE_MS = 1_000;

/**
 * `/healthz`: the process lives. `/readyz`: it can answer; 503 when it cannot or is being stopped, so that no traffic is
 * sent to it.
 *
 * @param askDependencies - resolves when all that we cannot serve without answer.
 */
export function addHealthRoutes(
  app: FastifyInstance,
  askDependencies: () => Promise<unknown>,
  draining: Draining,
): void {
  app.get('/healthz', { config: { quiet: true } }, async () => ({ status: 'ok' }));

  // Those who ask meanwhile share the question: probes must not queue up for connections that are all in use.
  let asking: Promise<unknown> | undefined;
  const ask = () => {
    asking ??= askDependencies().finally(() => {
      asking = undefined;
    });
    return asking;
  };
  app.get('/readyz', { config: { quiet: true } }, async (request, reply) => {
    if (draining.begun) return reply.code(503).send({ status: 'stopping' });
    try {
      await withTimeout(ask(), READY_DEADLINE_MS, 'What we depend on');
      return { status: 'ready' };
    } catch (error) {
      request.log.warn({ err: error }, 'not ready');
      return reply.code(503).send({ status: 'unavailable' });
    }
  });
}
