import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type Metrics } from './metrics.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Logs its requests as `debug`: machines send them every few seconds, or a page dozens at once. */
    quiet?: boolean;
  }
}

/** What we call the status of an answer that its caller did not wait for, as nginx does. */
const CLIENT_CLOSED_REQUEST = 499;

/**
 * Gives every request its line in the log and counts it, once it is over. Fastify's `onResponse` is not enough: it
 * does not run when the caller has left, and a customer that was stored for one who left must be in the log as well.
 */
export function observeRequests(app: FastifyInstance, metrics: Metrics): void {
  const observe = (request: FastifyRequest, reply: FastifyReply) => {
    const status = statusOf(reply);
    const level = request.routeOptions.config.quiet ? 'debug' : 'info';
    request.log[level](describe(request, reply, status), 'request');
    metrics.observe(request, reply, status);
  };
  app.addHook('onRequest', (request, reply, done) => {
    reply.raw.once('close', () => {
      if (reply.raw.writableEnded) observe(request, reply);
    });
    done();
  });
  app.addHook('onSend', (request, reply, _payload, done) => {
    // The caller left while the request was still being served.
    if (reply.raw.closed) observe(request, reply);
    done();
  });
}

/** The status that a caller got, or 499. Of a request that is over. */
export function statusOf(reply: FastifyReply): number {
  return reply.raw.writableFinished ? reply.statusCode : CLIENT_CLOSED_REQUEST;
}

/**
 * A request in the log: ids and words of ours only. What a caller writes (paths, names of operations, headers) is not
 * there, so it can neither forge a line nor bring somebody's data into the log.
 */
function describe(
  { method, routeOptions, caller, record, failure }: FastifyRequest,
  { elapsedTime }: FastifyReply,
  status: number,
) {
  const operations = record?.operations ?? [];
  return {
    method,
    route: routeOptions.url,
    status,
    ms: elapsedTime,
    ...caller,
    // Texts, not lists: what searches logs can match them without more ado.
    ...(operations.length > 0 && {
      operation: operations.map(({ operation }) => operation).join(),
      outcome: operations.map(({ outcome }) => outcome).join(),
    }),
    code: failure?.code,
    reason: failure?.reason,
  };
}
