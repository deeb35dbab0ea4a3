import { type Socket } from 'node:net';
import { startTcpRelay, type TcpRelay } from './tcp-relay.js';

/** A relay that holds back the target's data after a number of bytes. */
export interface Dam extends TcpRelay {
  /** Forwards the held data and everything after it. */
  release(): void;
}

/** @param bytes - forwarded over all connections before data is held; the last chunk is forwarded whole. */
export async function startDam(targetUrl: string, bytes: number): Promise<Dam> {
  const held = new Set<Socket>();
  let left = bytes;
  const relay = await startTcpRelay(targetUrl, (near, far) => {
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
  return {
    ...relay,
    release() {
      left = Infinity;
      for (const socket of held) socket.resume();
    },
  };
}
