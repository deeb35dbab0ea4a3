import { readFileSync } from 'node:fs';
import mercurius from 'mercurius';
import { resolvers } from './resolvers.ts';
import { serve, signedApp } from './signed-app.ts';

/** Mercurius on the gateway's own schema, with its compiler switched on. */
const app = signedApp();
await app.register(mercurius, {
  schema: readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'),
  jit: 1,
  resolvers,
});
await serve(app);
