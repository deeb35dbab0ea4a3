import { type Socket } from 'node:net';
import { startTcpRelay, type TcpRelay } from './tcp-relay.js';

/** A relay that can drop everything, without closing connections. */
export interface TcpProxy extends TcpRelay {
  swallow(): void;
  pass(): void;
}

export async function startTcpProxy(targetUrl: string): Promise<TcpProxy> {
  let passes = true;
  const pipe = (from: Socket, to: Socket) => {
    from.on('data', (chunk) => {
      if (passes) to.write(chunk);
    });
    from.on('close', () => {
      if (passes) to.destroy();
    });
  };
  const relay = await startTcpRelay(targetUrl, (near, far) => {
    pipe(near, far);
    pipe(far, near);
  });
  return {
    ...relay,
    swallow() {
      passes = false;
    },
    pass() {
      passes = true;
    },
  };
}
