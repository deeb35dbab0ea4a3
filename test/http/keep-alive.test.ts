import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.js';

/** Opens a connection and sends a first request over it. */
async function openUsed(gateway: TestGateway): Promise<Socket> {
  const { hostname, port } = new URL(gateway.url);
  const socket = connect({ host: hostname, port: Number(port) });
  expect(await ask(socket)).toMatch(/^HTTP\/1\.1 200 /);
  return socket;
}

/** Sends a request. @returns the first piece of the response. */
async function ask(socket: Socket): Promise<string> {
  socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const [data]: Buffer[] = await once(socket, 'data');
  return String(data);
}

test('an idle connection is closed after KEEP_ALIVE_TIMEOUT_SECONDS, and not before', async () => {
  const short = await startTestGateway({ keepAliveTimeoutSeconds: 1 }, 0);
  const long = await startTestGateway({ keepAliveTimeoutSeconds: 620 }, 0);
  const [shortly, kept] = await Promise.all([openUsed(short), openUsed(long)]);
  expect(await ask(kept)).toContain('\r\nKeep-Alive: timeout=620\r\n');
  await once(shortly, 'close');
  expect(await ask(kept)).toMatch(/^HTTP\/1\.1 200 /);
  kept.destroy();
  await Promise.all([short.close(), long.close()]);
});
