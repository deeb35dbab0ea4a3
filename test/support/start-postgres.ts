import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded-postgres.js';
import { migrate } from '../../src/orm/migrate.js';
import { startPostgresVersion } from './postgres-version.js';

const SETTINGS = { fsync: 'off', max_connections: '300' };

/**
 * One real PostgreSQL for all tests; its first database is the migrated template of theirs. `TEST_POSTGRES` is the major version of
 * another release of `test/postgres-versions`. @returns what stops it.
 */
export default async function startPostgres(): Promise<() => Promise<void>> {
  const major = process.env['TEST_POSTGRES'];
  const server = major ? await startPostgresVersion(Number(major), SETTINGS) : await startEmbedded();
  await migrate(server.url);
  process.env['TEST_TEMPLATE_URL'] = server.url;
  return () => server.stop();
}

async function startEmbedded(): Promise<EmbeddedPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'customer-gateway-test-'));
  const server = await startEmbeddedPostgres(folder, SETTINGS);
  return {
    url: server.url,
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
