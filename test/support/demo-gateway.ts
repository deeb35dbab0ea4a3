import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type GatewayProcess, startGatewayProcess } from './process.js';
import { exchange, SignedClient } from './signed-client.js';

/** A gateway in a process of its own, and its demo client. */
export interface DemoGateway extends GatewayProcess {
  readonly client: SignedClient;
  /** The status of a health route, such as `/readyz`. */
  status(path: string): Promise<number>;
}

/**
 * Starts one with a limit that no test meets.
 *
 * @param dataDir - keeps the demo client: the next gateway on it and the same database knows it too.
 */
export async function startDemoGateway(
  dataDir: string,
  variables: Record<string, string>,
): Promise<DemoGateway> {
  const gateway = await startGatewayProcess({
    DATA_DIR: dataDir,
    RATE_LIMIT_MAX: '1000000',
    ...variables,
  });
  const demo = await readFile(join(dataDir, 'demo.json'), 'utf8')
    .then(JSON.parse)
    .catch(async (error: unknown) => {
      await gateway.stop('SIGKILL');
      throw error;
    });
  return {
    ...gateway,
    client: new SignedClient(gateway.url, demo),
    status: async (path) => (await exchange(new URL(path, gateway.url), 'GET', {}, '')).status,
  };
}
