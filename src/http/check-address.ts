import { once } from 'node:events';
import { createServer } from 'node:net';
import { type Config } from '../config/config.js';

/** @throws the error of `listen` when the port is in use, or the host is not an address of this machine. */
export async function checkAddress({ host, port }: Pick<Config, 'host' | 'port'>): Promise<void> {
  const probe = createServer();
  probe.listen({ host, port });
  await once(probe, 'listening');
  probe.close();
  await once(probe, 'close');
}
