import { once } from 'node:events';
import { createServer } from 'node:net';
import { listen } from './listen.js';

/** A TCP port of 127.0.0.1 that no program uses, for a program that cannot choose one itself. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  const port = await listen(probe);
  probe.close();
  await once(probe, 'close');
  return port;
}
