import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { listen } from './listen.js';

/** What stands before a server and holds back what it sends once it has sent so much. */
export interface Dam {
  /** The URL it was made for, by way of the dam. */
  readonly url: string;
  /** Lets through what it holds and all that follows. */
  release(): void;
  close(): Promise<void>;
}

/** @param bytes - so many come through, over all connections, and what the last piece has beyond them. */
export async function startDam(targetUrl: string, bytes: number): Promise<Dam> {
  const target = new URL(targetUrl);
  const sockets = new Set<Socket>();
  const held = new Set<Socket>();
  let left = bytes;
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    }
    near.on('data', (chunk) => far.write(chunk)).on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    far.on('data', (chunk) => {
      near.write(chunk);
      left -= chunk.length;
      if (left > 0) return;
      far.pause();
      held.add(far);
    });
  });
  const url = new URL(target);
  url.port = String(await listen(server));
  return {
    url: url.href,
    release() {
      left = Infinity;
      for (const socket of held) socket.resume();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
