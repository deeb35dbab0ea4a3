import { randomUUID } from 'node:crypto';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { type Config } from '../config.js';
import { asUnavailable } from '../faults/unavailable.js';
import { UNAVAILABLE_HTTP, unavailableError, unexpectedError } from '../graphql/unexpected-errors.js';
import { type Metrics } from '../observability/metrics.js';
import { answerWithError, httpError } from './error-answer.js';
import { MalformedRequests } from './malformed-requests.js';

/** How long a client may take to send a request, in ms. */
const REQUEST_TIMEOUT_MS = 30_000;

/** An oversized body is read and discarded if its `Content-Length` is at most this many times the limit. */
const DISCARD_FACTOR = 2;

/** Makes the HTTP server: bodies stay raw bytes, every answer has a request id. */
export function createApp(
  config: Pick<Config, 'bounds'>,
  log: FastifyBaseLogger,
  metrics: Metrics,
): FastifyInstance {
  const malformed = new MalformedRequests(log, metrics);
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    bodyLimit: config.bounds.bodyBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // A caller's id would let them write into our log; ours is told to them instead.
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    // Who has a connection still when the gateway stops is answered as ever, once more.
    return503OnClosing: false,
    clientErrorHandler: malformed.answer,
  });
  malformed.watch(app.server);

  app.decorateRequest('failure', undefined);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });

  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
  app.setNotFoundHandler((_request, reply) =>
    answerWithError(reply, httpError(404, 'NOT_FOUND', 'Nothing is served here.')),
  );
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    if (error.statusCode === 413) {
      // Fastify sets `Connection: close`. Closing while the client is still sending resets the connection, which can lose
      // the response. Without the header, Node discards the rest of the body and keeps the connection open.
      if (Number(request.headers['content-length']) <= DISCARD_FACTOR * config.bounds.bodyBytes) {
        reply.removeHeader('connection');
      }
      return answerWithError(
        reply,
        httpError(413, 'PAYLOAD_TOO_LARGE', `The body must have at most ${config.bounds.bodyBytes} bytes.`),
      );
    }
    if (error.statusCode !== undefined && error.statusCode < 500) {
      return answerWithError(
        reply,
        httpError(error.statusCode, 'BAD_REQUEST', 'The request is not valid HTTP.'),
      );
    }
    const outage = asUnavailable(error);
    if (outage) {
      request.log.warn({ err: outage }, 'unavailable');
      const { message, extensions } = unavailableError(request.id);
      return answerWithError(reply, { message, extensions: { ...extensions, http: UNAVAILABLE_HTTP } });
    }
    request.log.error({ err: error }, 'unexpected error');
    return answerWithError(reply, unexpectedError(request.id));
  });
  return app;
}
