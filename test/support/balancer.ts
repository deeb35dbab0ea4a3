import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listen } from './listen.js';
import { exchange } from './signed-client.js';

/** What becomes of a request in place of the gateway's answer: another one, or none once the gateway has answered. */
export type Mishap =
  { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string } | 'lost';

/** What stands before a gateway, as a load balancer does, over HTTP. */
export interface Balancer {
  /** Where operations are sent. */
  readonly url: string;
  /** The requests so far. */
  readonly received: readonly { readonly headers: IncomingHttpHeaders; readonly body: string }[];
  /** Sets what the next requests meet, one after another. */
  meet(...mishaps: Mishap[]): void;
  close(): Promise<void>;
}

export async function startBalancer(gatewayUrl: string): Promise<Balancer> {
  const received: { headers: IncomingHttpHeaders; body: string }[] = [];
  let mishaps: Mishap[] = [];
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    received.push({ headers: request.headers, body: body.toString('utf8') });
    const mishap = mishaps.shift();
    if (mishap !== undefined && mishap !== 'lost') {
      response.writeHead(mishap.status, mishap.headers).end(mishap.body);
      return;
    }
    const { 'content-length': _length, ...headers } = request.headers;
    const target = new URL(request.url ?? '', gatewayUrl);
    const answer = await exchange(target, request.method ?? '', headers, body);
    if (mishap === 'lost') request.socket.destroy();
    else response.writeHead(answer.status, answer.headers).end(answer.text);
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    received,
    meet(...next) {
      mishaps = next;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
