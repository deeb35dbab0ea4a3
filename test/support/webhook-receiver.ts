import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { listen } from './listen.js';

/** A delivery as a receiver sees it. */
export interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly event: {
    readonly id: string;
    readonly type: string;
    readonly teamId: string;
    readonly occurredAt: string;
    readonly version: number | null;
    readonly data: { readonly uuid: string } & Record<string, unknown>;
    readonly previousData: Record<string, unknown> | null;
  };
}

/** Responds to a delivery. By default with 204. */
export type Respond = (delivery: Received, response: ServerResponse) => void | Promise<void>;

/** A real server that receives deliveries. */
export interface WebhookReceiver {
  readonly url: string;
  /** In the order in which they came. */
  readonly received: readonly Received[];
  /** Checks the signature of a delivery with the library of the specification. @throws if it is wrong. */
  verify(delivery: Received, secret: string): void;
  respond: Respond;
  close(): Promise<void>;
}

export async function startWebhookReceiver(respond: Respond = acknowledge): Promise<WebhookReceiver> {
  const received: Received[] = [];
  const receiver = { respond };
  const server = createServer((request, response) => {
    void (async () => {
      const body = await text(request);
      const delivery: Received = { headers: request.headers, body, event: JSON.parse(body) };
      received.push(delivery);
      await receiver.respond(delivery, response);
    })();
  });
  const port = await listen(server);
  return Object.assign(receiver, {
    url: `http://127.0.0.1:${port}/webhooks`,
    received,
    verify({ headers, body }: Received, secret: string) {
      const texts = Object.entries(headers).map(([name, value]) => [name, String(value)]);
      new Webhook(secret).verify(body, Object.fromEntries(texts));
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

/** Responds with a status. */
export const respondWith =
  (status: number): Respond =>
  (_delivery, response) => {
    response.writeHead(status).end();
  };

const acknowledge = respondWith(204);
