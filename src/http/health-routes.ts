import { type FastifyInstance } from 'fastify';
import { withTimeout } from '../concurrency/with-timeout.js';
import { SchemaMismatch } from '../errors/schema-mismatch.js';
import { type Draining } from './draining.js';

/** Timeout for the dependencies, in ms. */
const READY_DEADLINE_MS = 1_000;

/**
 * `/healthz`: the process is running. `/readyz`: it can serve requests. 503 if it cannot or is shutting down, so that load
 * balancers send it no traffic; with a sentence if the database schema does not match this release.
 *
 * @param askDependencies - resolves when all required dependencies have responded.
 */
export function addHealthRoutes(
  app: FastifyInstance,
  askDependencies: () => Promise<unknown>,
  draining: Draining,
): void {
  app.get('/healthz', { config: { quiet: true } }, async () => ({ status: 'ok' }));

  // Concurrent probes share one check, so that they do not queue for connections when all are in use.
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
      // Logged by the watch of the schema, once.
      if (error instanceof SchemaMismatch) {
        return reply.code(503).send({ status: 'schema-mismatch', message: error.message });
      }
      request.log.warn({ err: error }, 'not ready');
      return reply.code(503).send({ status: 'unavailable' });
    }
  });
}
