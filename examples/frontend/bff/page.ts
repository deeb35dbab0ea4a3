import { resolve } from 'node:path';
import helmet from '@fastify/helmet';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

const PACKAGE = resolve(import.meta.dirname, '..');

/** Nothing but what comes from here, and no script that stands in the page. */
const POLICY = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'"],
  'connect-src': ["'self'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
  'base-uri': ["'none'"],
  'require-trusted-types-for': ["'script'"],
};

/** What Vite does while you develop: scripts and styles in the page. */
const DEVELOPMENT_POLICY = {
  'default-src': ["'self'"],
  'script-src': ["'self'", "'unsafe-inline'"],
  'style-src': ["'self'", "'unsafe-inline'"],
  'frame-ancestors': ["'none'"],
};

/** Serves the page as `vite build` left it. */
export async function addPage(app: FastifyInstance): Promise<void> {
  await app.register(helmet, { contentSecurityPolicy: { useDefaults: false, directives: POLICY } });
  await app.register(fastifyStatic, { root: resolve(PACKAGE, 'dist') });
}

/** Serves the page from its source, and again at every change. */
export async function addPageInDevelopment(app: FastifyInstance): Promise<void> {
  const { createServer } = await import('vite');
  const vite = await createServer({
    configFile: resolve(PACKAGE, 'vite.config.ts'),
    root: resolve(PACKAGE, 'page'),
    server: { middlewareMode: true, hmr: { server: app.server } },
  });
  // Before the server closes, which waits for the connections of Vite's web sockets.
  app.addHook('preClose', () => vite.close());
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: DEVELOPMENT_POLICY },
  });
  app.setNotFoundHandler((request, reply) => {
    reply.hijack();
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) reply.raw.setHeader(name, value);
    }
    vite.middlewares(request.raw, reply.raw);
  });
}
