import { grafserv } from 'postgraphile/grafserv/fastify/v5';
import { makePgService } from 'postgraphile/adaptors/pg';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { postgraphile } from 'postgraphile';
import { pool, serve, signedApp } from './signed-app.ts';

/** PostGraphile 5 on the gateway's own tables, as it comes. */
const pgl = postgraphile({
  extends: [PostGraphileAmberPreset],
  pgServices: [makePgService({ pool, schemas: ['public'] })],
  grafserv: { graphiql: false, watch: false },
});
const app = signedApp();
await pgl.createServ(grafserv).addTo(app);
await serve(app);
