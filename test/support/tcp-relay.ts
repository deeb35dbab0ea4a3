import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { listen } from './listen.js';

/** A TCP server in front of another one. */
export interface TcpRelay {
  /** The target's URL with the relay's port. */
  readonly url: string;
  close(): Promise<void>;
}

/** @param join - forwards the data of each connection: `near` is the client's, `far` the one to the target. */
export async function startTcpRelay(
  targetUrl: string,
  join: (near: Socket, far: Socket) => void,
): Promise<TcpRelay> {
  const target = new URL(targetUrl);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    }
    join(near, far);
  });
  const url = new URL(target);
  url.port = String(await listen(server));
  return {
    url: url.href,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
