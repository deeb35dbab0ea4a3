import { createServer as createHttpServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { listen } from '../../support/listen.js';
import { type Certificate } from '../../support/certificate.js';

/** A partner's server on this machine, which receives webhooks. */
export interface PartnerServer {
  readonly port: number;
  readonly url: string;
  /** Connections that were made so far. */
  readonly connections: () => number;
  /** Connections that are open. */
  readonly open: () => number;
  readonly close: () => Promise<void>;
}

/** A server for HTTP, which never closes an idle connection. */
export const startPartner = (respond: RequestListener): Promise<PartnerServer> =>
  start(createHttpServer({ keepAliveTimeout: 0 }, respond), 'http');

/** A server for HTTPS with a certificate. */
export const startTlsPartner = (certificate: Certificate, respond: RequestListener): Promise<PartnerServer> =>
  start(createHttpsServer(certificate, respond), 'https');

/** A server that treats each connection as it likes. */
export const startTcpPartner = (connected: (socket: Socket) => void): Promise<PartnerServer> =>
  start(createTcpServer(connected), 'http');

/** A request with its body. */
export const received = async (request: IncomingMessage) => ({
  method: request.method,
  path: request.url,
  headers: request.headers,
  body: await text(request),
});

async function start(server: Server, scheme: string): Promise<PartnerServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  });
  const port = await listen(server);
  return {
    port,
    url: `${scheme}://127.0.0.1:${port}/hooks`,
    connections: () => connections,
    open: () => sockets.size,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
