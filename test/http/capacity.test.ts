import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.js';
import { newCustomer } from '../support/customers.js';
import { eventually } from '../support/eventually.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { CREATE_CUSTOMER } from '../support/operations.js';
import { type Partner } from '../support/partner.js';
import { sharedResources } from '../support/resources.js';
import { exchange, SignedClient } from '../support/signed-client.js';
import { lockTable } from '../support/table-lock.js';

const { bounds, capacity } = readConfig({});
const NO_RATE_LIMIT = { max: 1_000_000, windowSeconds: 60 };
const UNAVAILABLE = {
  status: 503,
  headers: { 'retry-after': '1' },
  json: { errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }] },
};

const resources = sharedResources();

/** A connection that sends what it is told and reads nothing. */
function openSocket(url: string, bytes = ''): Socket {
  const { hostname, port } = new URL(url);
  const socket = resources.adopt(connect(Number(port), hostname), (it) => {
    it.destroy();
  });
  socket.on('error', () => {});
  socket.pause();
  socket.write(bytes);
  return socket;
}

/** The bytes of a signed request, or as much of its body as is sent. */
function signedBytes(by: SignedClient, body: string, sent = body): string {
  const headers = { host: 'gateway', ...by.sign(body), 'content-length': String(Buffer.byteLength(body)) };
  const head = Object.entries(headers).map((header) => header.join(': '));
  return `POST /graphql HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n${sent}`;
}

const CREATE_MANY =
  'mutation ($inputs: [CreateCustomerInput!]!) { createCustomers(inputs: $inputs) { __typename } }';

const create = (by: Partner, notes = '') => by.send(CREATE_CUSTOMER, { input: newCustomer({ notes }) });

describe('a response', () => {
  let gateway: TestGateway;
  let partner: Partner;
  beforeAll(async () => {
    gateway = resources.adopt(
      await startTestGateway({ bounds: { ...bounds, responseBytes: 50_000 }, rateLimit: NO_RATE_LIMIT }),
      (it) => it.close(),
    );
    partner = gateway.nextPartner();
    const inputs = Array.from({ length: 100 }, () => newCustomer({ notes: 'é'.repeat(250) }));
    await partner.send(CREATE_MANY, { inputs });
  });

  const list = (fields: string) => `customers(limit: 100) { records { ${fields} } }`;

  test('of more than its bytes is an error, and one of fewer fields is not', async () => {
    const limit = 50_000;
    const message =
      'The response would exceed 50000 bytes. Select fewer fields or request fewer items at once.';
    expect((await partner.send(`{ ${list('notes')} }`)).json).toEqual({
      errors: [{ message, extensions: { code: 'RESPONSE_TOO_LARGE', limit } }],
    });
    expect((await partner.send(`{ ${list('uuid')} }`)).json.data.customers.records).toHaveLength(100);
  });

  test('counts a field once for each alias', async () => {
    const aliases = Array.from({ length: 28 }, (_, index) => `a${index}: uuid`).join(' ');
    expect((await partner.send(`{ ${list(aliases)} }`)).json.errors[0].extensions.code).toBe(
      'RESPONSE_TOO_LARGE',
    );
  });

  test('reads customers of twice its bytes at most', async () => {
    expect((await partner.send(`{ a: ${list('uuid')} }`)).json.errors).toBeUndefined();
    const lists = Array.from({ length: 3 }, (_, index) => `l${index}: ${list('version')}`).join(' ');
    const { json } = await partner.send(`{ ${lists} }`);
    expect(json.data).toBeNull();
    expect(json.errors[0]).toMatchObject({
      message: expect.stringContaining('The rows of the response exceed 100000 bytes.'),
      extensions: { code: 'RESPONSE_TOO_LARGE', limit: 100_000 },
    });
  });

  test('that is too large for what a mutation did says that it was done', async () => {
    const { json } = await partner.send('{ customers(limit: 100) { records { uuid } } }');
    const uuids: string[] = json.data.customers.records.map(({ uuid }: { uuid: string }) => uuid);
    const updates = (notes: string) => uuids.map((uuid) => ({ uuid, taxNumber: notes }));
    const update = await partner.send(
      'mutation ($inputs: [UpdateCustomersItemInput!]!) { updateCustomers(inputs: $inputs) { ... on CustomersUpdated { results { ... on Updated { data { notes } } } } } }',
      { inputs: updates('changed') },
    );
    expect(update.status).toBe(200);
    expect(update.json.errors[0].message).toMatch(/^The mutation was executed\. /);
    const { json: after } = await partner.send(`{ ${list('taxNumber')} }`);
    expect(after.data.customers.records).toEqual(
      Array.from({ length: 100 }, () => ({ taxNumber: 'changed' })),
    );
  });

  test('that would need too many customers for a bulk update leaves them as they were', async () => {
    const { json } = await partner.send('{ customers(limit: 100) { records { uuid } } }');
    const inputs = json.data.customers.records.map(({ uuid }: { uuid: string }) => ({
      uuid,
      paymentTerm: 'changed',
    }));
    const field = 'updateCustomers(inputs: $inputs) { __typename }';
    const update = await partner.send(
      `mutation ($none: [UpdateCustomersItemInput!]!, $inputs: [UpdateCustomersItemInput!]!) {
        a: ${field.replace('$inputs', '$none')} b: ${field}
      }`,
      { inputs, none: inputs.map(({ uuid }: { uuid: string }) => ({ uuid })) },
    );
    expect(update.json.errors[0]).toMatchObject({ path: ['b'], extensions: { code: 'RESPONSE_TOO_LARGE' } });
    const { json: after } = await partner.send(`{ ${list('paymentTerm')} }`);
    expect(after.data.customers.records).toEqual(Array.from({ length: 100 }, () => ({ paymentTerm: null })));
  });
});

test('unread responses are bounded for each client, and their connections end', async () => {
  const gateway = resources.adopt(
    await startTestGateway(
      {
        bounds: { ...bounds, bodyBytes: 20_000_000, responseBytes: 20_000_000 },
        capacity: { ...capacity, responseBytes: 24_000_000, responseTimeoutSeconds: 5 },
      },
      2,
    ),
    (it) => it.close(),
  );
  const [greedy, modest] = [gateway.nextPartner(), gateway.nextPartner()];
  // Ten MB: more than the buffers of the operating system take.
  const metadata = Array.from({ length: 50 }, (_, index) => ({
    key: String(index),
    value: '🦊'.repeat(500),
  }));
  const inputs = Array.from({ length: 100 }, () => newCustomer({ metadata }));
  const stored = await greedy.send(CREATE_MANY, { inputs });
  expect(stored.json.data.createCustomers.__typename).toBe('CustomersCreated');
  const list = '{ customers(limit: 100) { records { metadata { value } } } }';
  const unread = openSocket(gateway.url, signedBytes(greedy, JSON.stringify({ query: list })));
  let hasEnded = false;
  unread.once('close', () => {
    hasEnded = true;
  });
  await eventually('the next is refused', async () => (await greedy.send(list)).status === 503);
  expect(await greedy.send(list)).toMatchObject(UNAVAILABLE);
  expect((await create(modest)).json.data.createCustomer.__typename).toBe('Created');
  await eventually('it is served again', async () => (await greedy.send(list)).status === 200);
  unread.resume();
  await eventually('the connection has ended', () => hasEnded);
});

test('clients that leave before their response give everything back', async () => {
  const gateway = resources.adopt(
    await startTestGateway({ capacity: { ...capacity, responseBytes: 2_000_000 } }),
    (it) => it.close(),
  );
  const partner = gateway.nextPartner();
  const inputs = Array.from({ length: 100 }, () => newCustomer({ notes: 'x'.repeat(3_000) }));
  await partner.send(CREATE_MANY, { inputs });
  const list = '{ customers(limit: 100) { records { notes } } }';
  for (let round = 0; round < 4; round += 1) {
    const lock = await lockTable(gateway.databaseUrl);
    const leave = new AbortController();
    const calls = Array.from({ length: 3 }, () => partner.send(list, {}, { signal: leave.signal }));
    const settled = Promise.allSettled(calls);
    await lock.waitedForBy(1);
    leave.abort();
    await settled;
    await lock.release();
  }
  expect((await partner.send(list)).status).toBe(200);
});

test('of three large requests of a client two are processed at once, and one that waits for too long gets 503', async () => {
  const databasePool = { max: 10, waitMs: 2_000, statementTimeoutMs: 15_000, listTimeoutMs: 15_000 };
  const gateway = resources.adopt(await startTestGateway({ databasePool }), (it) => it.close());
  const partner = gateway.nextPartner();
  await create(partner);
  const lock = await lockTable(gateway.databaseUrl);
  const notes = 'é'.repeat(4_500);
  const bulk = () => partner.send(CREATE_MANY, { inputs: [newCustomer({ notes }), newCustomer({ notes })] });
  const first = [bulk(), bulk()];
  await lock.waitedForBy(2);
  expect(await bulk()).toMatchObject(UNAVAILABLE);
  await lock.release();
  expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200]);
});

test('a client that lists large pages pauses while others are active, and they do not', async () => {
  const gateway = resources.adopt(await startTestGateway({ rateLimit: NO_RATE_LIMIT }, 2), (it) =>
    it.close(),
  );
  const [greedy, modest] = [gateway.nextPartner(), gateway.nextPartner()];
  const metadata = Array.from({ length: 36 }, (_, index) => ({ key: `k${index}`, value: 'x'.repeat(500) }));
  for (let bulk = 0; bulk < 2; bulk += 1) {
    const inputs = Array.from({ length: 50 }, () => newCustomer({ metadata }));
    await greedy.send(CREATE_MANY, { inputs });
  }
  // No client pauses for its first requests after the start.
  await Promise.all(Array.from({ length: 200 }, () => modest.send('{ __typename }')));

  // The other client stays active: for one that is alone, no client pauses.
  const end = resources.adopt(new AbortController(), (it) => {
    it.abort();
  });
  let created = 0;
  const activity = (async () => {
    for (; !end.signal.aborted; created += 1) {
      expect((await create(modest)).json.data.createCustomer.__typename).toBe('Created');
      await sleep(100);
    }
  })();
  // Rows of 1.8 MB, for which a client pauses for 1.3 s from the third page on, or from an earlier one on a busy machine.
  const list = () => greedy.send('{ customers(limit: 100) { records { uuid } } }');
  for (let page = 0; page < 4; page += 1) await list();
  let isAnswered = false;
  const late = list().finally(() => (isAnswered = true));
  const createdBefore = created;
  await sleep(500);
  expect(isAnswered).toBe(false);
  expect(created).toBeGreaterThan(createdBefore);
  expect((await late).json.data.customers.records).toHaveLength(100);
  end.abort();
  await activity;
});

test('large bodies that others begin to send in the name of a client take none of its turns', async () => {
  const gateway = resources.adopt(await startTestGateway(), (it) => it.close());
  const known = gateway.nextPartner();
  const posing = new SignedClient(gateway.url, { ...known.credentials, clientSecret: 'unknown' });
  const sockets = Array.from({ length: 2 }, () =>
    openSocket(gateway.url, signedBytes(posing, 'x'.repeat(20_001), 'x'.repeat(20_000))),
  );
  await Promise.all(sockets.map((socket) => once(socket.resume(), 'connect')));
  // Answered after the gateway has begun to read the bodies.
  expect((await known.send('{ __typename }')).status).toBe(200);
  const large = JSON.stringify({ query: '{ __typename }', variables: { x: 'x'.repeat(20_000) } });
  expect((await known.post(large)).status).toBe(200);
  expect((await known.send('{ customers { records { uuid } } }')).status).toBe(200);
  // The gateway still waits for their ends.
  expect(sockets.map(({ closed }) => closed)).toEqual([false, false]);
});

describe('bodies of more than 16 KiB', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = resources.adopt(
      await startTestGateway(
        {
          capacity: { ...capacity, bodyBytes: 200_000, requestTimeoutSeconds: 2 },
          rateLimit: NO_RATE_LIMIT,
        },
        5,
      ),
      (it) => it.close(),
    );
  });

  const large = (by: Partner) =>
    by.post(JSON.stringify({ query: '{ __typename }', variables: { x: 'x'.repeat(90_000) } }));
  /** Sends most of a body, and then nothing. */
  const stall = (by: SignedClient) =>
    openSocket(gateway.url, signedBytes(by, 'x'.repeat(90_001), 'x'.repeat(90_000)));

  test('of unknown clients are not kept, and get the same response', async () => {
    const known = gateway.nextPartner();
    const unknown = new SignedClient(gateway.url, { ...known.credentials, clientId: crypto.randomUUID() });
    for (let count = 0; count < 20; count += 1) stall(unknown);
    const body = 'x'.repeat(90_000);
    const forged = await unknown.post(body);
    const mistaken = await known.post(body, { headers: { 'x-signature': '0'.repeat(64) } });
    expect(forged).toMatchObject({ status: 401, json: mistaken.json });
    expect((await large(known)).status).toBe(200);
  });

  test('are bounded for each client and for all, and small ones are always read', async () => {
    const [first, second, third, fourth] = Array.from({ length: 4 }, () => gateway.nextPartner());
    if (!first || !second || !third || !fourth) throw new Error('Four partners are needed');
    // Whoever knows the ID of a client can name it.
    const posing = new SignedClient(gateway.url, { ...first.credentials, clientSecret: 'unknown' });
    // Again each time: one that meets a request of the client is refused itself.
    await eventually('the client has no room for another', async () => {
      stall(posing);
      return (await large(first)).status === 503;
    });
    expect(await large(first)).toMatchObject(UNAVAILABLE);
    expect((await large(second)).status).toBe(200);
    await eventually('nobody has room', async () => {
      stall(fourth);
      return (await large(third)).status === 503;
    });
    for (const partner of [first, second, third]) {
      expect((await create(partner, 'x'.repeat(5_000))).json.data.createCustomer.__typename).toBe('Created');
    }
    // Those who do not send the rest in time are cut off.
    await eventually('there is room again', async () => {
      const statuses = await Promise.all([first, third].map(async (one) => (await large(one)).status));
      return statuses.every((status) => status === 200);
    });
  });
});

describe('connections', () => {
  const MAX = 10;
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = resources.adopt(
      await startTestGateway(
        {
          capacity: { ...capacity, connections: MAX, requestTimeoutSeconds: 2 },
          metricsToken: 'm'.repeat(32),
        },
        0,
      ),
      (it) => it.close(),
    );
  });

  const health = () => exchange(new URL('/healthz', gateway.url), 'GET', { connection: 'close' }, '');
  const isServed = async () => (await health().catch(() => undefined))?.status === 200;

  test('that idle make room for new ones', async () => {
    for (let count = 0; count < 3 * MAX; count += 1) {
      const socket = openSocket(gateway.url, 'GET /healthz HTTP/1.1\r\nhost: gateway\r\n\r\n');
      socket.resume();
      await new Promise((resolve) => socket.once('data', resolve));
    }
    expect((await health()).status).toBe(200);
  });

  test('that are busy are bounded, until those who send too slowly are cut off', async () => {
    for (let count = 0; count < MAX; count += 1) openSocket(gateway.url, 'POST /graphql HTTP/1.1\r\n');
    await eventually('further ones are closed', async () => !(await isServed()));
    await eventually('there is room again', isServed);
    const headers = { authorization: `Bearer ${'m'.repeat(32)}` };
    const { text } = await exchange(new URL('/metrics', gateway.url), 'GET', headers, '');
    expect(text).toMatch(/^gateway_dropped_connections_total [1-9]/m);
  });

  test('of strangers end with the 401', async () => {
    const answer = await exchange(new URL('/graphql', gateway.url), 'POST', { connection: 'keep-alive' }, '');
    expect(answer).toMatchObject({ status: 401, headers: { connection: 'close' } });
  });
});
