import { randomUUID } from 'node:crypto';
import { type FastifyInstance, LogController } from 'fastify';
import { ReplayGuard } from '../../../dist/src/auth/replay-guard.js';
import { SignatureClaim } from '../../../dist/src/auth/signature-claim.js';
import { openLog } from '../../../dist/src/observability/log.js';
import { limitHeaders } from '../../../dist/src/rate-limit/request-limit.js';
import { SlidingWindow } from '../../../dist/src/rate-limit/sliding-window.js';
import { setting, signedApp, TEAM_ID, TOLERANCE_MS } from '../signed-app.ts';
import { Call } from './call.ts';

const WINDOW_MS = 60_000;

declare module 'fastify' {
  interface FastifyRequest {
    call: Call | undefined;
  }
}

/** The signed app with the gateway's limit for each client, its check for replays, and its log line for each request. */
export async function appWithPromises(): Promise<FastifyInstance> {
  const clientId = setting('BENCH_CLIENT_ID');
  const limiter = new SlidingWindow(Number(setting('BENCH_RATE_LIMIT')), WINDOW_MS);
  const replays = new ReplayGuard(TOLERANCE_MS, undefined);
  const app = signedApp({
    loggerInstance: await openLog({ logLevel: 'info', logFormat: 'json' }),
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: () => randomUUID(),
  });
  app.decorateRequest('call', undefined);
  app.addHook('preHandler', async (request, reply) => {
    request.call = new Call({
      log: request.log,
      signature: new SignatureClaim(replays, String(request.headers['x-signature'])),
      take: () => limiter.take(clientId),
    });
    reply.headers({ 'x-request-id': request.id, ...limitHeaders(request.call.first) });
  });
  app.addHook('onResponse', async ({ call, log, method, routeOptions }, { statusCode, elapsedTime }) => {
    const operations = call?.record.operations ?? [];
    const line = {
      method,
      route: routeOptions.url,
      status: statusCode,
      ms: elapsedTime,
      ...(call && { clientId, teamId: TEAM_ID }),
      operation: operations.map(({ operation }) => operation).join(),
      outcome: operations.map(({ outcome }) => outcome).join(),
    };
    log.info(line, 'request');
  });
  return app;
}
