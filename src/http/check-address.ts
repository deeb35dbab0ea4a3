import { once } from 'node:events';
import { createServer } from 'node:net';
import { type Config } from '../config.js';

/** Fails as `listen` does when the gateway cannot listen where it is to: the port is in use, or is no address of ours. */
export async function checkAddress({ host, port }: Pick<Config, 'host' | 'port'>): Promise<void> {
  const probe = createServer();
  probe.listen({ host, port });
  await once(probe, 'listening');
  probe.close();
  await once(probe, 'close');
}
