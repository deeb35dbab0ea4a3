import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { listen } from './listen.js';

/** What stands between two ends of a connection, and may stop to let anything through without a word to either. */
export interface TcpProxy {
  /** The URL it was made for, by way of the proxy. */
  readonly url: string;
  swallow(): void;
  pass(): void;
  close(): Promise<void>;
}

export async function startTcpProxy(targetUrl: string): Promise<TcpProxy> {
  const target = new URL(targetUrl);
  const sockets = new Set<Socket>();
  let passes = true;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  };
  const pipe = (from: Socket, to: Socket) => {
    from.on('data', (chunk) => {
      if (passes) to.write(chunk);
    });
    from.on('close', () => {
      if (passes) to.destroy();
    });
  };
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    keep(near);
    keep(far);
    pipe(near, far);
    pipe(far, near);
  });
  const url = new URL(target);
  url.port = String(await listen(server));
  return {
    url: url.href,
    swallow() {
      passes = false;
    },
    pass() {
      passes = true;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
