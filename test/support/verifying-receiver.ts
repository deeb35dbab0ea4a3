import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { listen } from './listen.js';

/** A webhook as it was received. */
export interface ReceivedWebhook {
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body, once `standardwebhooks` has verified its signature; undefined if it is not valid. */
  // oxlint-disable-next-line typescript/no-explicit-any -- each test asserts the shape of a body
  readonly body: any;
}

/** A server that receives webhooks and verifies each when it comes. */
export interface VerifyingReceiver {
  readonly url: string;
  readonly received: readonly ReceivedWebhook[];
  /** Decides the status of each response from now on. By default it is 204. */
  respond(status: () => number | Promise<number>): void;
  close(): Promise<void>;
}

/** Starts a receiver that has this signing secret. */
export async function startVerifyingReceiver(secret: string): Promise<VerifyingReceiver> {
  const webhook = new Webhook(secret);
  const received: ReceivedWebhook[] = [];
  let statusOf: () => number | Promise<number> = () => 204;
  const server = createServer((request, response) => {
    const take = async () => {
      const sent = await text(request);
      const { url: path, headers } = request;
      received.push({ path, headers, text: sent, body: verified(headers, sent) });
      response.writeHead(await statusOf(), { location: '/elsewhere' }).end();
    };
    void take();
  });
  function verified(headers: IncomingHttpHeaders, sent: string): unknown {
    try {
      return webhook.verify(sent, textHeaders(headers));
    } catch {
      return undefined;
    }
  }
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}/webhooks?from=test`,
    received,
    respond(status) {
      statusOf = status;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Headers as `standardwebhooks` takes them. */
export const textHeaders = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
