import { type FastifyBaseLogger } from 'fastify';
import { type Config } from './config/config.js';
import { startDatabaseServer } from './database/database-server.js';
import { lockDataFolder } from './files/data-folder-lock.js';
import { checkAddress } from './http/check-address.js';
import { type Gateway } from './server.js';

/**
 * Starts a gateway: database, migrations, credentials, GraphQL, HTTP. If a step fails, everything opened before is closed.
 *
 * @param signal - aborts the start.
 */
export async function startGateway(
  config: Config,
  log: FastifyBaseLogger,
  signal?: AbortSignal,
): Promise<Gateway> {
  const folder = config.databaseUrl === undefined ? await lockDataFolder(config.dataDir) : undefined;
  try {
    // Before the database is started or created.
    await checkAddress(config);
    const gateway = await openOnServer(config, log, signal);
    return {
      ...gateway,
      async close() {
        await gateway.close();
        folder?.release();
      },
    };
  } catch (error) {
    folder?.release();
    throw error;
  }
}

/** Loads most of the gateway's modules. It keeps the event loop busy until they are loaded. */
const loadServer = () => import('./server.js');

async function openOnServer(
  config: Config,
  log: FastifyBaseLogger,
  signal: AbortSignal | undefined,
): Promise<Gateway> {
  // PostgreSQL starts while the modules are loaded. An error of the import is reported by the second one.
  const server = await startDatabaseServer(config, () => void loadServer().catch(() => {}));
  try {
    const { openGateway } = await loadServer();
    return await openGateway(config, log, server, signal);
  } catch (error) {
    await server.stop();
    throw error;
  }
}
