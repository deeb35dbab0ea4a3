import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type Metrics } from './metrics.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Logs its requests as `debug`: machines send them every few seconds, or a page dozens at once. */
    quiet?: boolean;
  }
}

/** Status of a request whose client closed the connection before the response, as in nginx. */
const CLIENT_CLOSED_REQUEST = 499;

/**
 * Logs and counts every request when it ends. Fastify's `onResponse` is not enough: it does not run if the client has closed the
 * connection, and a customer that was stored for such a client must be in the log as well.
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
 * A request as the log has it: IDs and names defined by the gateway. Text that a caller chooses (paths, operation names, headers) is
 * left out, so it can neither forge a line nor bring personal data into the log.
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
    // A token of an external issuer has none.
    tokenId: caller?.tokenId ?? undefined,
    // Joined, not lists: tools that search logs match text directly.
    ...(operations.length > 0 && {
      operation: operations.map(({ operation }) => operation).join(),
      outcome: operations.map(({ outcome }) => outcome).join(),
    }),
    ...(record?.customerIds && { customerIds: record.customerIds.join(), customers: record.customers }),
    code: failure?.code,
    reason: failure?.reason,
  };
}
