import { createHash, timingSafeEqual } from 'node:crypto';
import { type FastifyInstance } from 'fastify';
import { type Config } from '../config/config.js';
import { sendError, httpError } from './send-error.js';
import { type Metrics } from '../observability/metrics.js';

/**
 * `GET /metrics`, for Prometheus. With `METRICS_TOKEN`, a scraper must send it as its Bearer token
 * (`authorization.credentials` in Prometheus). Without it, everyone who can reach the port can read the metrics, so in
 * production the route does not exist.
 */
export function addMetricsRoute(app: FastifyInstance, { registry }: Metrics, config: Config): void {
  const { metricsToken: token } = config;
  if (token === undefined && config.environment === 'production') return;
  const expected = token === undefined ? undefined : hash(`Bearer ${token}`);
  app.get('/metrics', { config: { quiet: true } }, async (request, reply) => {
    // A constant-time comparison requires equal lengths, which hashes have.
    if (expected && !timingSafeEqual(hash(request.headers.authorization ?? ''), expected)) {
      reply.header('www-authenticate', 'Bearer realm="metrics"');
      return sendError(reply, httpError(401, 'UNAUTHENTICATED', 'A valid metrics token is required.'));
    }
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
