/// <reference lib="esnext.disposable" />
import { type RequestListener } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type SendResult,
  WebhookSender,
  type WebhookSenderOptions,
} from '../../../src/webhooks/send/webhook-sender.js';
import { eventually } from '../../support/eventually.js';
import { received, startPartner, startTcpPartner } from './partner-server.js';

let resources: AsyncDisposableStack;
let sender: WebhookSender;
beforeEach(() => {
  resources = new AsyncDisposableStack();
  sender = newSender();
});
afterEach(() => resources.disposeAsync());

const newSender = (options: Partial<WebhookSenderOptions> = {}) => {
  const created = new WebhookSender({ allowPrivate: true, httpsOnly: false, ...options });
  resources.defer(() => {
    created.close();
  });
  return created;
};
const partner = async (respond: RequestListener) =>
  resources.adopt(await startPartner(respond), (it) => it.close());
const tcpPartner = async (...parameters: Parameters<typeof startTcpPartner>) =>
  resources.adopt(await startTcpPartner(...parameters), (it) => it.close());

const send = (url: string) => sender.send(url, {}, '{}');
const outcome = ({ status, error }: SendResult) => ({ status, error });
const ok = { status: 200, error: null };
const TIMEOUT_MS = 300;
/** A timeout is noticed late on a machine that is busy. */
const LATE_MS = 3_000;
/** Bytes that the buffers of two sockets cannot hold. */
const LONG = 20_000_000;
const RESPONSE = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

describe('a partner gets', () => {
  test('the body as JSON with the headers of the delivery', async () => {
    const requests: Awaited<ReturnType<typeof received>>[] = [];
    const { url } = await partner(async (request, response) => {
      requests.push(await received(request));
      response.writeHead(204).end();
    });
    const result = await sender.send(`${url}?a=1`, { 'webhook-id': 'evt_1' }, '{"name":"Zoë"}');

    expect(outcome(result)).toEqual({ status: 204, error: null });
    expect(result.durationMs).toBeGreaterThanOrEqual(0);
    expect(requests).toMatchObject([
      {
        method: 'POST',
        path: '/hooks?a=1',
        body: '{"name":"Zoë"}',
        headers: {
          'content-type': 'application/json',
          'content-length': '15',
          'user-agent': 'customer-gateway',
          'webhook-id': 'evt_1',
        },
      },
    ]);
  });

  test.each([301, 302, 303, 307, 308])('one request, even if it redirects with %i', async (status) => {
    const target = await partner((_request, response) => response.end());
    const { url } = await partner((_request, response) =>
      response.writeHead(status, { location: target.url }).end(),
    );
    expect(outcome(await send(url))).toEqual({ status, error: null });
    expect(target.connections()).toBe(0);
  });

  test('several requests over one connection, which is closed when it is idle', async () => {
    const server = await partner((_request, response) => response.end('x'.repeat(4_096)));

    for (let i = 0; i < 5; i += 1) expect(outcome(await send(server.url))).toEqual(ok);
    expect(server.connections()).toBe(1);
    await eventually('the idle connection is closed', () => server.open() === 0);
  });
});

describe('a response', () => {
  test.each([200, 400, 410, 429, 500, 503])('with status %i is reported', async (status) => {
    const { url } = await partner((_request, response) => response.writeHead(status).end('details'));
    expect(outcome(await send(url))).toEqual({ status, error: null });
  });

  test('of 1 GB is cut after a few KB, and its connection is closed', async () => {
    const chunk = Buffer.alloc(65_536);
    let written = 0;
    const server = await partner((_request, response) => {
      response.writeHead(200, { 'content-length': 2 ** 30 });
      const write = () => {
        do written += chunk.length;
        while (response.write(chunk));
      };
      response.on('drain', write);
      write();
    });
    expect(outcome(await send(server.url))).toEqual(ok);
    await eventually('the connection is closed', () => server.open() === 0);
    expect(written).toBeLessThan(LONG);
  });

  test('of more than 4 KiB takes the connection out of use', async () => {
    const server = await partner((_request, response) => response.end('x'.repeat(4_097)));
    for (let i = 0; i < 2; i += 1) expect(outcome(await send(server.url))).toEqual(ok);
    expect(server.connections()).toBe(2);
  });

  test('that comes before the request was read closes the connection', async () => {
    let bytes = 0;
    const server = await tcpPartner((socket) => {
      socket.pause().write(RESPONSE);
      socket.on('data', ({ length }) => {
        bytes += length;
      });
      // A paused socket does not notice that it was closed.
      setTimeout(() => socket.resume(), 500);
    });
    expect(outcome(await sender.send(server.url, {}, 'x'.repeat(LONG)))).toEqual(ok);
    await eventually('the connection is closed', () => server.open() === 0);
    expect(bytes).toBeLessThan(LONG);
  });

  test.each([
    ['is no HTTP', 'nonsense\r\n\r\n', 'response not valid'],
    [
      'has too many headers',
      `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      'response headers too large',
    ],
    [
      'changes the protocol',
      'HTTP/1.1 101 Go\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n',
      'connection closed',
    ],
  ])('that %s is a failure', async (_what, response, error) => {
    const server = await tcpPartner((socket) => socket.once('data', () => socket.write(response)));
    expect(outcome(await send(server.url))).toEqual({ status: null, error });
    await eventually('the connection is closed', () => server.open() === 0);
  });
});

describe('the timeout ends a request', () => {
  test.each<[string, number | null, RequestListener]>([
    ['without a response', null, () => {}],
    [
      'with informational responses only',
      null,
      (_request, response) => {
        const timer = setInterval(() => {
          response.writeProcessing();
        }, 20);
        response.on('close', () => {
          clearInterval(timer);
        });
      },
    ],
    ['whose response body does not end', 200, (_request, response) => response.writeHead(200).write('{')],
    [
      'whose response body comes slowly',
      200,
      (_request, response) => {
        const timer = setInterval(() => response.write('.'), 20);
        response.on('close', () => {
          clearInterval(timer);
        });
      },
    ],
  ])('%s', async (_what, status, respond) => {
    sender = newSender({ timeoutMs: TIMEOUT_MS });
    const server = await partner(respond);
    const result = await send(server.url);
    expect(outcome(result)).toEqual({ status, error: 'timeout' });
    expect(result.durationMs).toBeGreaterThanOrEqual(TIMEOUT_MS - 10);
    expect(result.durationMs).toBeLessThan(LATE_MS);
    await eventually('the connection is closed', () => server.open() === 0);
  });

  test('that the partner does not read', async () => {
    sender = newSender({ timeoutMs: TIMEOUT_MS });
    const { url } = await tcpPartner((socket) => socket.pause());
    expect(await sender.send(url, {}, 'x'.repeat(LONG))).toMatchObject({ error: 'timeout' });
  });

  test('whose name is not resolved', async () => {
    sender = newSender({
      allowPrivate: false,
      httpsOnly: true,
      timeoutMs: TIMEOUT_MS,
      resolve: () => new Promise(() => {}),
    });
    expect(outcome(await send('https://slow.example/'))).toEqual({ status: null, error: 'timeout' });
  });
});

describe('a failure has a short reason without addresses', () => {
  test('if the connection is refused', async () => {
    const server = await partner(() => {});
    await server.close();
    expect(outcome(await send(server.url))).toEqual({ status: null, error: 'connection refused' });
    expect(outcome(await send(`http://localhost:${server.port}/`))).toEqual({
      status: null,
      error: 'connection refused',
    });
  });

  test.each<[string, Parameters<typeof startTcpPartner>[0]]>([
    ['reset', (socket) => socket.once('data', () => socket.resetAndDestroy())],
    ['closed', (socket) => socket.once('data', () => socket.end())],
  ])('if the connection is %s, and it is not retried', async (_how, connected) => {
    const server = await tcpPartner(connected);
    expect(outcome(await send(server.url))).toEqual({ status: null, error: 'connection closed' });
    expect(server.connections()).toBe(1);
  });

  test('if the connection is closed within the response', async () => {
    const { url } = await tcpPartner((socket) =>
      socket.once('data', () => socket.end(RESPONSE.slice(0, -1))),
    );
    expect(outcome(await send(url))).toEqual({ status: 200, error: 'connection closed' });
  });

  test.each([
    ['http://unknown.invalid/', 'name not found'],
    ['hooks', 'URL not valid'],
    ['ftp://127.0.0.1/', 'URL not valid'],
  ])('if the URL is %s', async (url, error) => {
    expect(outcome(await send(url))).toEqual({ status: null, error });
  });

  test('if a header is not valid', async () => {
    const result = await sender.send('http://127.0.0.1:1/', { 'webhook-signature': 'secret\n' }, '{}');
    expect(outcome(result)).toEqual({ status: null, error: 'request failed' });
  });
});

describe('a kept connection that the partner has closed meanwhile', () => {
  /** Each connection responds to its first request only, and resets the next one. */
  const forgetful = (respondsTo: (connection: number) => boolean) => {
    let connections = 0;
    return tcpPartner((socket) => {
      connections += 1;
      let responds = respondsTo(connections);
      socket.on('data', () => {
        if (responds) socket.write(RESPONSE);
        else socket.resetAndDestroy();
        responds = false;
      });
    });
  };

  test('is replaced by a new one', async () => {
    const server = await forgetful(() => true);
    expect(outcome(await send(server.url))).toEqual(ok);
    expect(outcome(await send(server.url))).toEqual(ok);
    expect(server.connections()).toBe(2);
  });

  test('is replaced once', async () => {
    const server = await forgetful((connection) => connection === 1);
    expect(outcome(await send(server.url))).toEqual(ok);
    expect(outcome(await send(server.url))).toEqual({ status: null, error: 'connection closed' });
    expect(server.connections()).toBe(2);
  });
});

describe('an aborted request', () => {
  test('throws the reason and closes its connection', async () => {
    const server = await partner(() => {});
    const abort = new AbortController();
    const sent = sender.send(server.url, {}, '{}', abort.signal);
    const reason = new Error('stopped');
    await eventually('the request is in progress', () => server.open() === 1);
    const start = performance.now();
    abort.abort(reason);
    await expect(sent).rejects.toBe(reason);
    expect(performance.now() - start).toBeLessThan(LATE_MS);
    await eventually('the connection is closed', () => server.open() === 0);
  });

  test('throws the reason while the response body is read', async () => {
    const abort = new AbortController();
    const { url } = await partner((_request, response) => {
      response.writeHead(200).write('{');
      setTimeout(() => {
        abort.abort('stopped');
      }, 50);
    });
    await expect(sender.send(url, {}, '{}', abort.signal)).rejects.toBe('stopped');
  });

  test('is not sent if it was aborted before', async () => {
    const server = await partner(() => {});
    await expect(sender.send(server.url, {}, '{}', AbortSignal.abort('stopped'))).rejects.toBe('stopped');
    expect(server.connections()).toBe(0);
  });
});

test('a closed sender has ended its connections and sends nothing more', async () => {
  const idle = await partner((_request, response) => response.end());
  const active = await partner(() => {});
  await send(idle.url);
  const sent = send(active.url);
  await eventually('both connections are open', () => idle.open() + active.open() === 2);
  sender.close();

  const shuttingDown = { status: null, error: 'gateway shutting down' };
  expect(outcome(await sent)).toEqual(shuttingDown);
  expect(outcome(await send(idle.url))).toEqual(shuttingDown);
  // Sooner than an idle connection is closed anyway.
  await eventually('both connections are closed', () => idle.open() + active.open() === 0, 1_000);
  expect([idle.connections(), active.connections()]).toEqual([1, 1]);
});
