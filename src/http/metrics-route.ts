import { createHash, timingSafeEqual } from 'node:crypto';
import { type IncomingMessage } from 'node:http';
import { type FastifyInstance } from 'fastify';
import Negotiator from 'negotiator';
import { type Config } from '../config/config.js';
import { sendError, httpError } from './send-error.js';
import { type Metrics, type MetricsFormat } from '../observability/metrics.js';

const OPEN_METRICS = 'application/openmetrics-text';

const TYPES: ReadonlySet<string> = new Set([OPEN_METRICS, 'text/plain', 'text/*', '*/*']);

/**
 * `GET /metrics`, for Prometheus, in its text format or, if the scraper asks for it, in OpenMetrics, which has exemplars. With `METRICS_TOKEN`, a scraper must send it as its Bearer token
 * (`authorization.credentials` in Prometheus). Without it, everyone who can reach the port can read the metrics, so in
 * production the route does not exist.
 */
export function addMetricsRoute(app: FastifyInstance, metrics: Metrics, config: Config): void {
  const { metricsToken: token } = config;
  if (token === undefined && config.environment === 'production') return;
  const expected = token === undefined ? undefined : hash(`Bearer ${token}`);
  app.get('/metrics', { config: { quiet: true } }, async (request, reply) => {
    // A constant-time comparison requires equal lengths, which hashes have.
    if (expected && !timingSafeEqual(hash(request.headers.authorization ?? ''), expected)) {
      reply.header('www-authenticate', 'Bearer realm="metrics"');
      return sendError(reply, httpError(401, 'UNAUTHENTICATED', 'A valid metrics token is required.'));
    }
    reply.header('vary', 'accept');
    const { contentType, text } = await metrics.expose(formatFor(request.raw));
    return reply.type(contentType).send(text);
  });
}

/**
 * OpenMetrics if the scraper prefers it to every type that the text format has. Versions are not compared: the gateway has one of each
 * format.
 */
function formatFor(request: IncomingMessage): MetricsFormat {
  const known = new Negotiator(request).mediaTypes().find((type) => TYPES.has(type));
  return known === OPEN_METRICS ? 'openMetrics' : 'text';
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
