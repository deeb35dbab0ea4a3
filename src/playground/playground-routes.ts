import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { DEMO_TEAM, type DemoCredentials } from '../demo.js';
import { packageFolder } from '../files/package-folder.js';
import { isDirect } from '../http/direct-request.js';
import { isLoopback } from '../config/loopback.js';

/** Path of the files that the page at `/` loads. */
const PREFIX = '/playground';

/**
 * Scripts and requests of this origin only, no eval, no framing. Inline styles are allowed: the editor creates its themes at run
 * time and supports no nonce.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const SECURITY_HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** Settings of the page: the response of `GET /playground/settings.json`. */
export interface PlaygroundSettings {
  /** Path of the GraphQL endpoint. It is part of the string to sign. */
  readonly path: string;
  /** Credentials of the demo client and the name of its team. Null in production, and for a browser on another machine. */
  readonly demo: (Omit<DemoCredentials, 'url'> & { readonly team: string }) | null;
}

/**
 * Serves the playground at `GET /` and its files under `/playground/`.
 *
 * @param path - path of the GraphQL endpoint, such as `/graphql`.
 * @param demo - returns the credentials of the demo client, or undefined before they exist.
 */
export async function addPlaygroundRoutes(
  app: FastifyInstance,
  path: string,
  demo: () => DemoCredentials | undefined,
): Promise<void> {
  // The built page is committed, so that nothing is bundled at the start.
  const folder = join(packageFolder(), 'playground', 'dist');
  await app.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, quiet: true };
    });
    scope.addHook('onRequest', (_request, reply, done) => {
      reply.headers(SECURITY_HEADERS);
      done();
    });
    await scope.register(fastifyStatic, {
      root: join(folder, 'assets'),
      prefix: `${PREFIX}/assets/`,
      // Each name contains a hash of the content.
      maxAge: '1y',
      immutable: true,
    });
    scope.get('/', (_request, reply) =>
      reply.sendFile('index.html', folder, { maxAge: 0, immutable: false }),
    );
    scope.get(`${PREFIX}/settings.json`, (request, reply) => {
      reply.header('cache-control', 'no-store');
      const credentials = isLocal(request) ? demo() : undefined;
      const settings: PlaygroundSettings = {
        path,
        demo: credentials
          ? {
              clientId: credentials.clientId,
              clientSecret: credentials.clientSecret,
              token: credentials.token,
              team: DEMO_TEAM,
            }
          : null,
      };
      return reply.send(settings);
    });
  });
}

/**
 * Whether the request comes from a browser on this machine, for a page of this machine, without a proxy. `Host` is checked
 * too: otherwise a page of another site whose name resolves to this machine (DNS rebinding) could read the demo's secret.
 */
function isLocal({ ip, hostname, raw }: FastifyRequest): boolean {
  return isLoopback(ip) && isLoopback(hostname) && isDirect(raw);
}
