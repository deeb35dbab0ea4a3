import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** What becomes of the bytes of one connection on their way. Each function calls `pass` to let them go on. */
export interface Passage {
  toDatabase(pass: () => void): void;
  toServer(pass: () => void): void;
}

/** Stands between servers and PostgreSQL. */
export interface Forwarder {
  /** The database's address by way of it. */
  readonly url: string;
  close(): void;
}

/** Passes every byte on unchanged, each connection through a passage of its own. */
export async function startForwarder(databaseUrl: string, openPassage: () => Passage): Promise<Forwarder> {
  const target = new URL(databaseUrl);
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: Number(target.port), host: target.hostname, noDelay: true });
    const passage = openPassage();
    near.on('data', (bytes) => {
      passage.toDatabase(() => far.write(bytes));
    });
    far.on('data', (bytes) => {
      passage.toServer(() => near.write(bytes));
    });
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    near.on('error', () => {});
    far.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('The forwarder has no port');
  const url = new URL(databaseUrl);
  url.port = String(bound.port);
  return { url: url.href, close: () => server.close() };
}
