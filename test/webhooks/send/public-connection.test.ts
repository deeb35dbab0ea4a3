/// <reference lib="esnext.disposable" />
import { type LookupAddress } from 'node:dns';
import { connect as connectTcp, type Socket, type TcpNetConnectOpts } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { publicLookup, requirePublicPeer } from '../../../src/webhooks/send/public-connection.js';
import { WebhookSender, type WebhookSenderOptions } from '../../../src/webhooks/send/webhook-sender.js';
import { eventually } from '../../support/eventually.js';
import { type PartnerServer, startPartner, startTcpPartner } from './partner-server.js';

const PUBLIC = { address: '8.8.8.8', family: 4 };
const PUBLIC_V6 = { address: '2606:4700::1111', family: 6 };
const LOOPBACK = { address: '127.0.0.1', family: 4 };
/** A public address that is assigned to no network, so no connection to it succeeds. */
const UNREACHABLE = { address: '3ffe::1', family: 6 };
const notAllowed = { name: 'SendFailure', reason: 'address not allowed' };
const refused = { status: null, error: 'address not allowed' };

let resources: AsyncDisposableStack;
beforeEach(() => {
  resources = new AsyncDisposableStack();
});
afterEach(() => resources.disposeAsync());

/** A server on this machine. Each test ends with none of its requests there. */
let local: PartnerServer;
beforeEach(async () => {
  local = resources.adopt(await startPartner((_request, response) => response.end('internal')), (it) =>
    it.close(),
  );
});

const newSender = (options: Partial<WebhookSenderOptions> = {}) => {
  const sender = new WebhookSender({ allowPrivate: false, httpsOnly: false, ...options });
  resources.defer(() => {
    sender.close();
  });
  return sender;
};
const senderWith = (resolve: () => Promise<LookupAddress[]>) => newSender({ resolve, timeoutMs: 200 });

const lookUp = (addresses: readonly LookupAddress[] | Error, all: boolean) =>
  new Promise((resolve, reject) => {
    const lookup = publicLookup(() =>
      addresses instanceof Error ? Promise.reject(addresses) : Promise.resolve(addresses),
    );
    lookup('hooks.example', { all }, (error: Error | null, address, family) => {
      if (error) reject(error);
      else resolve(all ? address : { address, family });
    });
  });

describe('a lookup', () => {
  test('returns all addresses, or the first, of a public name', async () => {
    expect(await lookUp([PUBLIC_V6, PUBLIC], true)).toEqual([PUBLIC_V6, PUBLIC]);
    expect(await lookUp([PUBLIC_V6, PUBLIC], false)).toEqual(PUBLIC_V6);
  });

  test.each([[[LOOPBACK]], [[PUBLIC, LOOPBACK]], [[LOOPBACK, PUBLIC_V6]]])(
    'refuses a name with any address that is not public: %j',
    async (addresses) => {
      await expect(lookUp(addresses, true)).rejects.toMatchObject(notAllowed);
      await expect(lookUp(addresses, false)).rejects.toMatchObject(notAllowed);
    },
  );

  test('fails for a name without addresses, and as the resolver fails', async () => {
    await expect(lookUp([], true)).rejects.toMatchObject({ reason: 'name not found' });
    const failure = new Error('SERVFAIL');
    await expect(lookUp(failure, true)).rejects.toBe(failure);
  });

  test('uses the resolver of the operating system by default', async () => {
    const error = await new Promise((resolve) => {
      publicLookup()('localhost', { all: true }, resolve);
    });
    expect(error).toMatchObject(notAllowed);
  });
});

describe('a webhook does not reach a server of this machine', () => {
  test.each([
    ['127.0.0.1'],
    ['127.0.0.1.'],
    ['127.1'],
    ['2130706433'],
    ['0x7f.1'],
    ['0177.0.0.1'],
    ['0'],
    ['[::1]'],
    ['[::ffff:127.0.0.1]'],
    ['[::ffff:7f00:1]'],
    ['[::127.0.0.1]'],
    ['[64:ff9b::127.0.0.1]'],
    ['localhost'],
    ['LOCALHOST'],
  ])('by the host %s', async (host) => {
    const sender = newSender();
    expect(await sender.send(`http://${host}:${local.port}/`, {}, '{}')).toMatchObject(refused);
    expect(local.connections()).toBe(0);
  });

  test('by the host localhost., which not every system resolves', async () => {
    const sender = newSender();
    const { error } = await sender.send(`http://localhost.:${local.port}/`, {}, '{}');
    expect(['address not allowed', 'name not found']).toContain(error);
    expect(local.connections()).toBe(0);
  });

  test('by a name that resolves to it', async () => {
    const sender = senderWith(() => Promise.resolve([LOOPBACK]));
    expect(await sender.send(`http://hooks.example:${local.port}/`, {}, '{}')).toMatchObject(refused);
    expect(local.connections()).toBe(0);
  });

  test('by a name with a public address beside it', async () => {
    const sender = senderWith(() => Promise.resolve([PUBLIC, LOOPBACK]));
    expect(await sender.send(`http://hooks.example:${local.port}/`, {}, '{}')).toMatchObject(refused);
    expect(local.connections()).toBe(0);
  });

  test('by a name that is public at first and is rebound later', async () => {
    const resolve = vi
      .fn<() => Promise<LookupAddress[]>>()
      .mockResolvedValueOnce([UNREACHABLE])
      .mockResolvedValue([LOOPBACK]);
    const sender = senderWith(resolve);
    const url = `http://hooks.example:${local.port}/`;

    const first = await sender.send(url, {}, '{}');
    // The connection was made to the address that was checked: there was no second lookup.
    expect(resolve).toHaveBeenCalledTimes(1);
    expect(['timeout', 'host not reachable']).toContain(first.error);
    expect(await sender.send(url, {}, '{}')).toMatchObject(refused);
    expect(local.connections()).toBe(0);
  });

  test('in production over http', async () => {
    const sender = newSender({ allowPrivate: true, httpsOnly: true });
    const result = await sender.send(local.url, {}, '{}');
    expect(result).toMatchObject({ status: null, error: 'https required' });
    expect(local.connections()).toBe(0);
  });
});

describe('before anything is sent, a connection is closed whose peer is not public', () => {
  let bytes = 0;
  let server: PartnerServer;
  beforeEach(async () => {
    bytes = 0;
    server = resources.adopt(
      await startTcpPartner((socket) => {
        socket.on('data', ({ length }) => {
          bytes += length;
        });
      }),
      (it) => it.close(),
    );
  });
  const bytesReceived = async () => {
    await eventually(
      'the connection was made and closed',
      () => server.connections() === 1 && server.open() === 0,
    );
    return bytes;
  };

  test.each<[string, (to: TcpNetConnectOpts) => Socket]>([
    ['TCP', connectTcp],
    ['TLS', connectTls],
  ])('over %s', async (_protocol, connect) => {
    const socket = connect({ host: '127.0.0.1', port: server.port });
    requirePublicPeer(socket);
    socket.write('secret');
    const error = await new Promise((resolve) => {
      socket.once('error', resolve);
    });
    expect(error).toMatchObject(notAllowed);
    expect(await bytesReceived()).toBe(0);
  });

  test('that is connected already', async () => {
    const socket = connectTcp({ host: '127.0.0.1', port: server.port });
    await new Promise((resolve) => {
      socket.once('connect', resolve);
    });
    const error = new Promise((resolve) => {
      socket.once('error', resolve);
    });
    requirePublicPeer(socket);
    expect(await error).toMatchObject(notAllowed);
    expect(await bytesReceived()).toBe(0);
  });

  test.each(['http', 'https'])('even if the check of its lookup is passed by, over %s', async (scheme) => {
    // An address that is another one when it is read again.
    const read = vi.fn<() => string>().mockReturnValueOnce(PUBLIC.address).mockReturnValue(LOOPBACK.address);
    const changing = {
      family: 4,
      get address() {
        return read();
      },
    };
    const sender = senderWith(() => Promise.resolve([changing]));
    const result = await sender.send(`${scheme}://hooks.example:${server.port}/`, {}, '{}');
    expect(result).toMatchObject(refused);
    expect(await bytesReceived()).toBe(0);
  });
});
