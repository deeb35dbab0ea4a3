import { grafserv } from 'postgraphile/grafserv/fastify/v5';
import { makePgService } from 'postgraphile/adaptors/pg';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { postgraphile } from 'postgraphile';
import { pool, serve, signedApp } from './signed-app.ts';

const BODY_LIMIT_BYTES = 1_048_576;

/**
 * PostGraphile 5 on the gateway's own tables, as it comes, but that it takes bodies as large as the gateway does, and
 * offers conditions on columns without an index of their own: without these it cannot leave out deleted customers.
 */
const pgl = postgraphile({
  extends: [PostGraphileAmberPreset],
  disablePlugins: ['PgIndexBehaviorsPlugin'],
  pgServices: [makePgService({ pool, schemas: ['public'] })],
  grafserv: { graphiql: false, watch: false, maxRequestLength: BODY_LIMIT_BYTES },
});
const app = signedApp();
await pgl.createServ(grafserv).addTo(app);
await serve(app);
