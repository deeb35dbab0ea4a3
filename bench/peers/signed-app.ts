import { createHash, createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import pg from 'pg';

/** Settings of a peer. */
export function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

/** Connections as `pg` makes them by default, ten at most; the gateway has as many. */
export const pool = new pg.Pool({ connectionString: setting('DATABASE_URL') });

export const TEAM_ID = setting('BENCH_TEAM_ID');

/** How far a timestamp may be from now. */
export const TOLERANCE_MS = 300_000;

/** Fastify with the same check of signature, time and token as the gateway, over the raw bytes of the body. */
export function signedApp(options: FastifyServerOptions = {}): FastifyInstance {
  const clientId = setting('BENCH_CLIENT_ID');
  const authorization = `Bearer ${setting('BENCH_TOKEN')}`;
  const secret = createSecretKey(setting('BENCH_CLIENT_SECRET'), 'utf8');

  const app = fastify(options);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  app.addHook('preValidation', async (request, reply) => {
    const { headers, method, url } = request;
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const timestamp = String(headers['x-timestamp']);
    const bodyHash = createHash('sha256').update(body).digest('hex');
    const expected = createHmac('sha256', secret)
      .update(`${method}:${url}:${timestamp}:${bodyHash}`)
      .digest();
    const sent = Buffer.from(String(headers['x-signature']), 'hex');
    const isGenuine =
      headers['x-client-id'] === clientId &&
      headers.authorization === authorization &&
      Math.abs(Date.now() - Number(timestamp)) <= TOLERANCE_MS &&
      sent.length === expected.length &&
      timingSafeEqual(sent, expected);
    if (!isGenuine) return reply.code(401).send({ errors: [{ message: 'UNAUTHENTICATED' }] });
    request.body = JSON.parse(body.toString('utf8'));
    return undefined;
  });
  return app;
}

/** Listens, prints its address, and stops at a stop signal. */
export async function serve(app: FastifyInstance): Promise<void> {
  const address = await app.listen({ host: '127.0.0.1', port: Number(setting('PORT')) });
  process.stdout.write(`A peer answers at ${address}/graphql\n`);
  process.once('SIGTERM', () => {
    void app.close().then(() => pool.end());
  });
}
