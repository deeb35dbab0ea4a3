import { resolve } from 'node:path';
import helmet from '@fastify/helmet';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { APP_FOLDER } from './folder.ts';

/** Content Security Policy: only resources from this origin, and no inline scripts or styles. */
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

/** Vite's development server uses inline scripts and styles. */
const DEVELOPMENT_POLICY = {
  'default-src': ["'self'"],
  'script-src': ["'self'", "'unsafe-inline'"],
  'style-src': ["'self'", "'unsafe-inline'"],
  'frame-ancestors': ["'none'"],
};

/** Serves the page built by `vite build`. */
export async function addPage(app: FastifyInstance): Promise<void> {
  await app.register(helmet, { contentSecurityPolicy: { useDefaults: false, directives: POLICY } });
  await app.register(fastifyStatic, { root: resolve(APP_FOLDER, 'dist/page') });
}

/** Serves the page from its source and updates it in the browser after each change. */
export async function addPageInDevelopment(app: FastifyInstance): Promise<void> {
  const { createServer } = await import('vite');
  const vite = await createServer({
    configFile: resolve(APP_FOLDER, 'vite.config.ts'),
    root: resolve(APP_FOLDER, 'page'),
    server: { middlewareMode: true, hmr: { server: app.server } },
  });
  // Before the server closes, because closing waits for the connections of Vite's web sockets.
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
