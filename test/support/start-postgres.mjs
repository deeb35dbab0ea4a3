import 'reflect-metadata';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../dist/src/database/embedded-postgres.js';
import { migrate } from '../../dist/src/database/migrate.js';

/** One real PostgreSQL for all tests; its first database is the migrated template of theirs. */
export default async function startPostgres() {
  const folder = await mkdtemp(join(tmpdir(), 'customer-gateway-test-'));
  const server = await startEmbeddedPostgres(folder, { fsync: 'off', max_connections: '300' });
  await migrate(server.url);
  process.env['TEST_TEMPLATE_URL'] = server.url;
  globalThis.testPostgres = { server, folder };
}
