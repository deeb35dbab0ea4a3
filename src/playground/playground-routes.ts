import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type DemoCredentials } from '../demo.js';
import { isLoopback } from '../http/loopback.js';

/** The path of all that the page at `/` needs. */
const PREFIX = '/playground';

/**
 * Nothing but our own scripts, no eval, no frame around us, and no host but ours to talk to. Styles may stand inline: the
 * editor makes its themes at run time, and knows no nonce.
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

/** What the page is told when it opens: `GET /playground/settings.json`. */
export interface PlaygroundSettings {
  /** The path to send operations to. It is signed as it stands. */
  readonly path: string;
  /** Credentials to try it with; in development, for a browser on this machine only. */
  readonly demo: Omit<DemoCredentials, 'url'> | null;
}

/**
 * `GET /`: a page to try the API in, with what it needs under `/playground/`.
 *
 * @param path - where operations are sent, such as `/graphql`.
 * @param demo - gives the demo credentials once there are any.
 */
export async function addPlaygroundRoutes(
  app: FastifyInstance,
  path: string,
  demo: () => DemoCredentials | undefined,
): Promise<void> {
  const folder = pageFolder();
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
      // Their names change with what they hold.
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
            }
          : null,
      };
      return reply.send(settings);
    });
  });
}

/** The folder of the built page, which is committed, so that nothing is bundled at the start. */
function pageFolder(): string {
  const manifest = findPackageJSON(import.meta.url);
  if (manifest === undefined) throw new Error('The playground was not found: set PLAYGROUND=off.');
  return join(dirname(manifest), 'playground', 'dist');
}

/**
 * Whether a browser of this machine asks, for a page of this machine, with no proxy that says it stands in between. The
 * name in `Host` is looked at too: a page of another site whose name was made to point here (DNS rebinding) would otherwise
 * be told the demo's secret.
 */
function isLocal({ ip, hostname, headers }: FastifyRequest): boolean {
  const isForwarded = headers.forwarded !== undefined || headers['x-forwarded-for'] !== undefined;
  return isLoopback(ip) && isLoopback(hostname) && !isForwarded;
}
