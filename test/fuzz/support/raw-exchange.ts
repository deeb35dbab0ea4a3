import { connect } from 'node:net';

/** Bytes that an exchange ends with when the server has neither answered nor hung up: longer than it waits itself. */
const DEADLINE_MS = 10_000;

/**
 * Writes bytes to a connection of their own, and collects what comes back until the server hangs up. Node's client could not
 * send most of what a stranger can.
 *
 * @param saysEnd - says that no more bytes come. Node then hangs up without waiting for a response that is not ready.
 * @throws when the server does not hang up.
 */
export function rawExchange(url: string, bytes: Uint8Array, saysEnd = true): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect({ host: hostname, port: Number(port) });
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error('The server hangs'));
    }, DEADLINE_MS);
    const done = () => {
      clearTimeout(timer);
      resolve(Buffer.concat(chunks).toString('latin1'));
    };
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('close', done);
    // A server may hang up on what it does not want before it has read it.
    socket.on('error', done);
    if (saysEnd) socket.end(bytes);
    else socket.write(bytes);
  });
}

/** The statuses of all answers in what came back over one connection. */
export const statusesOf = (text: string): number[] =>
  Array.from(text.matchAll(/^HTTP\/1\.1 (\d{3})/gm), ([, status]) => Number(status));
