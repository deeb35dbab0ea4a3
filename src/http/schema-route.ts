import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FastifyInstance } from 'fastify';
import { type Config } from '../config/config.js';
import { packageFolder } from '../files/package-folder.js';
import { hidesSchema } from '../graphql/document-rules.js';

/**
 * `GET /schema.graphql`, for code generators and other tools. In production the route exists only with the playground, as
 * introspection does.
 */
export async function addSchemaRoute(app: FastifyInstance, config: Config): Promise<void> {
  if (hidesSchema(config)) return;
  const schema = await readFile(join(packageFolder(), 'schema.graphql'));
  app.get('/schema.graphql', { config: { quiet: true } }, (_request, reply) =>
    reply.type('text/plain; charset=utf-8').header('x-content-type-options', 'nosniff').send(schema),
  );
}
