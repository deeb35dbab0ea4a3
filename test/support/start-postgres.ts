import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.js';
import { migrate } from '../../src/orm/migrate.js';

/** One real PostgreSQL for all tests; its first database is the migrated template of theirs. @returns what stops it. */
export default async function startPostgres(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'customer-gateway-test-'));
  const server = await startEmbeddedPostgres(folder, { fsync: 'off', max_connections: '300' });
  await migrate(server.url);
  process.env['TEST_TEMPLATE_URL'] = server.url;
  return async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
