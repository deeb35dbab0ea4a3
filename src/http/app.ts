import { randomUUID } from 'node:crypto';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { type Config } from '../config/config.js';
import { type FindOutage } from '../errors/unavailable.js';
import { UNAVAILABLE_HTTP, unavailableError, unexpectedError } from '../errors/internal-error.js';
import { ByteBudget } from '../concurrency/byte-budget.js';
import { type Metrics } from '../observability/metrics.js';
import { type ClaimedClient, readBody } from './read-body.js';
import { limitConnections } from './connection-limit.js';
import { sendError, httpError } from './send-error.js';
import { MalformedRequests } from './malformed-requests.js';

const MS_PER_SECOND = 1_000;

/** How often Node looks for requests that were not sent in time, in ms. */
const CHECK_INTERVAL_MS = 1_000;

/** An oversized body is read and discarded if its `Content-Length` is at most this many times the limit. */
const DISCARD_FACTOR = 2;

/** No route has a JSON schema. Without a compiler of its own, Fastify loads Ajv, some 100 files. */
const NO_SCHEMAS = { buildValidator: noSchemas, buildSerializer: noSchemas };

declare module 'fastify' {
  interface FastifyRequest {
    /** The client that the headers name; set by a route that reads the body. */
    client: ClaimedClient | undefined;
    /** Releases the memory counted for the body. Call when the request is done. */
    releaseBody: (() => void) | undefined;
  }
}

function noSchemas(): never {
  throw new Error('Routes with JSON schemas need a compiler.');
}

/** Creates the HTTP server. Bodies stay raw bytes, and every response has a request ID. */
export function createApp(
  config: Pick<Config, 'bounds' | 'capacity' | 'keepAliveTimeoutSeconds'>,
  log: FastifyBaseLogger,
  metrics: Metrics,
  findOutage: FindOutage,
): FastifyInstance {
  const requestTimeout = config.capacity.requestTimeoutSeconds * MS_PER_SECOND;
  const malformed = new MalformedRequests(log, metrics);
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    bodyLimit: config.bounds.bodyBytes,
    requestTimeout,
    // The timeout of a request begins with its first byte, so a connection may be idle for longer.
    keepAliveTimeout: config.keepAliveTimeoutSeconds * MS_PER_SECOND,
    http: { headersTimeout: requestTimeout, connectionsCheckingInterval: CHECK_INTERVAL_MS },
    // A caller's request ID is ignored: it would let callers write to the log.
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    // While the gateway stops, open connections still get one regular response.
    return503OnClosing: false,
    schemaController: { compilersFactory: NO_SCHEMAS },
    clientErrorHandler: malformed.answer,
  });
  malformed.watch(app.server);
  limitConnections(app.server, config.capacity.connections, metrics);

  app.decorateRequest('failure', undefined);
  app.decorateRequest('client', undefined);
  app.decorateRequest('releaseBody', undefined);
  app.removeAllContentTypeParsers();
  const limits = { bytes: config.bounds.bodyBytes, budget: new ByteBudget(config.capacity.bodyBytes) };
  app.addContentTypeParser('*', (request, payload, done) => {
    // Only a route that knows which client the request names reads a body.
    if (!request.client) {
      done(null);
      return;
    }
    const onHeld = (release: () => void) => (request.releaseBody = release);
    readBody(payload, request.client, limits, onHeld, done);
  });

  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
  app.setNotFoundHandler((_request, reply) => sendError(reply, httpError(404, 'NOT_FOUND', 'Not found.')));
  app.setErrorHandler(async (error: Error & { statusCode?: number }, request, reply) => {
    if (error.statusCode === 413) {
      // Closing while the client is still sending resets the connection, which can lose the response. A body that is not
      // much larger is read to its end and discarded instead.
      const isDiscarded =
        Number(request.headers['content-length']) <= DISCARD_FACTOR * config.bounds.bodyBytes;
      if (isDiscarded) reply.removeHeader('connection');
      else reply.header('connection', 'close');
      return sendError(
        reply,
        httpError(
          413,
          'PAYLOAD_TOO_LARGE',
          `The request body must not exceed ${config.bounds.bodyBytes} bytes.`,
        ),
      );
    }
    if (error.statusCode !== undefined && error.statusCode < 500) {
      return sendError(reply, httpError(error.statusCode, 'BAD_REQUEST', 'The request is not valid HTTP.'));
    }
    const outage = await findOutage(error);
    if (outage) {
      request.log.warn({ err: outage }, 'unavailable');
      const { message, extensions } = unavailableError(request.id);
      return sendError(reply, { message, extensions: { ...extensions, http: UNAVAILABLE_HTTP } });
    }
    request.log.error({ err: error }, 'unexpected error');
    return sendError(reply, unexpectedError(request.id));
  });
  return app;
}
