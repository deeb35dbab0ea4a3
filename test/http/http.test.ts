import { beforeAll, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { rawExchange, statusesOf } from '../fuzz/support/raw-exchange.js';
import { newCustomer } from '../support/customers.js';
import { query } from '../support/database.js';
import { parseExposition } from '../support/exposition.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { CREATE_CUSTOMER } from '../support/operations.js';
import { sharedResources } from '../support/resources.js';
import { exchange, newEmail, type SignedClient } from '../support/signed-client.js';

let gateway: TestGateway;
let partner: SignedClient & { readonly teamId: string };
const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(await startTestGateway({}, 2), (it) => it.close());
  partner = gateway.nextPartner();
});

const created = () =>
  query(gateway.databaseUrl, 'select 1 from customer where team_id = $1', [partner.teamId]);
const get = (path: string) => exchange(new URL(path, gateway.url), 'GET', {}, '');

describe('a signed request executes nothing when it', () => {
  test('has a query string', async () => {
    const answer = await partner.send(CREATE_CUSTOMER, { input: newCustomer() }, { url: '/graphql?a=1' });
    expect(answer.status).toBe(400);
    expect(answer.json.errors[0].extensions.code).toBe('BAD_REQUEST');
    expect(await created()).toHaveLength(0);
  });

  test.each(['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('is a %s', async (method) => {
    const answer = await partner.send(CREATE_CUSTOMER, { input: newCustomer() }, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers['allow']).toBe('POST');
    expect(answer.json.errors[0].extensions.code).toBe('METHOD_NOT_ALLOWED');
    expect(await created()).toHaveLength(0);
  });

  test.each([
    ['is not declared to be JSON', 415, 'UNSUPPORTED_MEDIA_TYPE', '{"query":"{ __typename }"}', 'text/plain'],
    ['has an empty media type', 415, 'UNSUPPORTED_MEDIA_TYPE', '{"query":"{ __typename }"}', ''],
    [
      'has two media types',
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      '{"query":"{ __typename }"}',
      'application/json,application/json',
    ],
    [
      'is declared to have another charset',
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      '{"query":"{ __typename }"}',
      'application/json; charset=iso-8859-1',
    ],
    ['has no media type', 415, 'UNSUPPORTED_MEDIA_TYPE', '{"query":"{ __typename }"}', undefined],
    ['is not JSON', 400, 'BAD_REQUEST', '{"query":', 'application/json'],
    ['is empty', 400, 'BAD_REQUEST', '', 'application/json'],
    ['is not UTF-8', 400, 'BAD_REQUEST', Buffer.from('7b2261223a22ff227d', 'hex'), 'application/json'],
    ['is a batch', 400, 'BAD_REQUEST', '[{"query":"{ __typename }"}]', 'application/json'],
  ])('%s', async (_case, status, code, body, contentType) => {
    const answer = await partner.post(body, { headers: { 'content-type': contentType } });
    expect(answer.status).toBe(status);
    expect(answer.json.errors[0].extensions.code).toBe(code);
  });

  test.each(['gzip', 'br', 'identity, gzip', 'x'])('has the Content-Encoding %s', async (encoding) => {
    const answer = await partner.send('{ __typename }', {}, { headers: { 'content-encoding': encoding } });
    expect(answer.status).toBe(415);
    expect(answer.headers['accept-encoding']).toBe('identity');
    expect(answer.json.errors[0].extensions.code).toBe('UNSUPPORTED_MEDIA_TYPE');
  });

  test('has more than 1 MiB', async () => {
    const answer = await partner.post('x'.repeat(1_048_577));
    expect(answer.status).toBe(413);
    expect(answer.json.errors[0].extensions.code).toBe('PAYLOAD_TOO_LARGE');
  });

  describe('has a body of more than 1 MiB and', () => {
    const headOf = async (framing: Record<string, string | number>) => {
      const { sent } = await partner.send('{ __typename }');
      const headers = Object.entries({ ...sent, host: '127.0.0.1', ...framing });
      return `POST /graphql HTTP/1.1\r\n${headers.map((header) => header.join(': ')).join('\r\n')}\r\n\r\n`;
    };

    test('at most 2 MiB: returns 413 and keeps the connection open', async () => {
      const length = 2 * 1_048_576;
      const next = 'GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n';
      const bytes = Buffer.concat([
        Buffer.from(await headOf({ 'content-length': length })),
        Buffer.alloc(length),
        Buffer.from(next),
      ]);
      expect(await rawExchange(gateway.url, bytes)).toMatch(/^HTTP\/1\.1 413 [^]*HTTP\/1\.1 200 /);
    });

    test.each([
      ['more than 2 MiB', { 'content-length': 2 * 1_048_576 + 1 }, ''],
      ['no Content-Length', { 'transfer-encoding': 'chunked' }, `100001\r\n${'x'.repeat(1_048_577)}`],
    ])('%s: returns 413 and closes the connection', async (_case, framing, body) => {
      const answer = await rawExchange(gateway.url, Buffer.from((await headOf(framing)) + body));
      expect(answer).toMatch(/^HTTP\/1\.1 413 /);
      expect(answer).toMatch(/^connection: close\r$/im);
    });
  });
});

describe('a signed request is served when it', () => {
  test.each([
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
    'Application/JSON ; charset=utf8',
  ])('has the media type %s', async (contentType) => {
    const answer = await partner.send('{ __typename }', {}, { headers: { 'content-type': contentType } });
    expect(answer.json).toEqual({ data: { __typename: 'Query' } });
  });

  test('has a byte order mark', async () => {
    const answer = await partner.post('\ufeff{"query":"{ __typename }"}');
    expect(answer.json).toEqual({ data: { __typename: 'Query' } });
  });

  test('has the Content-Encoding identity', async () => {
    const answer = await partner.send('{ __typename }', {}, { headers: { 'content-encoding': 'identity' } });
    expect(answer.status).toBe(200);
  });

  test.each(['http://gateway.example/graphql', 'HTTPS://gateway.example:8443/graphql'])(
    'asks for %s, and is signed as its path',
    async (target) => {
      expect(await rawExchange(gateway.url, Buffer.from(rawRequest(target)))).toMatch(/^HTTP\/1\.1 200 /);
    },
  );
});

/** The bytes of a signed request for a target, after which the connection ends. */
function rawRequest(target: string, document = '{ __typename }', connection = 'close'): string {
  const body = JSON.stringify({ query: document });
  const headers = partner.sign(body);
  const lines = Object.entries({
    host: 'x',
    ...headers,
    'content-length': Buffer.byteLength(body),
    connection,
  });
  return `POST ${target} HTTP/1.1\r\n${lines.map((line) => line.join(': ')).join('\r\n')}\r\n\r\n${body}`;
}

describe('what is no HTTP', () => {
  test.each([
    [400, 'BAD_REQUEST', 'nonsense\r\n\r\n'],
    [400, 'BAD_REQUEST', 'GET / HTTP/1.1\r\nbad header\r\n\r\n'],
    [431, 'BAD_REQUEST', `GET / HTTP/1.1\r\na: ${'x'.repeat(20_000)}\r\n\r\n`],
  ])('is answered %i in the shape of every error, and counted', async (status, code, bytes) => {
    const counted = async () =>
      parseExposition((await get('/metrics')).text).sum('gateway_malformed_requests_total', {
        status: String(status),
      });
    const before = await counted();
    const answer = await rawExchange(gateway.url, Buffer.from(bytes));
    expect(await counted()).toBe(before + 1);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*x-request-id: [0-9a-f-]{36}\r\n`));
    const [, body = ''] = answer.split('\r\n\r\n');
    expect(JSON.parse(body)).toEqual({ errors: [{ message: expect.any(String), extensions: { code } }] });
  });

  test('after a mutation does not replace its response', async () => {
    const input = `{ customer: "A", email: "${newEmail()}" }`;
    const mutation = `mutation { createCustomer(input: ${input}) { __typename } }`;
    const bytes = `${rawRequest('/graphql', mutation, 'keep-alive')}nonsense\r\n\r\n`;
    const answer = await rawExchange(gateway.url, Buffer.from(bytes), false);
    expect(statusesOf(answer)).toEqual([200]);
    expect(answer).toContain('"Created"');
  });
});

describe('the health routes', () => {
  test('say that the process lives and that it can answer', async () => {
    expect(await get('/healthz')).toMatchObject({ status: 200, json: { status: 'ok' } });
    expect(await get('/readyz')).toMatchObject({ status: 200, json: { status: 'ready' } });
  });
});

describe('every answer', () => {
  test("has the gateway's request ID, not the caller's", async () => {
    const answer = await partner.send('{ __typename }', {}, { headers: { 'x-request-id': 'mine' } });
    expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['application/json, application/graphql-response+json;q=0.9', 'application/json'],
    ['application/graphql-response+json,application/json;q=0.9', 'application/graphql-response+json'],
    // What we do not serve is no reason to refuse a change that is stored.
    ['application/json;charset=utf8', 'application/json'],
    ['text/html', 'application/json'],
    ['*/*;q=0', 'application/json'],
    ['application/json;q=0', 'application/json'],
    ['', 'application/json'],
    [',;=', 'application/json'],
    ['multipart/mixed;deferSpec=20220824', 'application/json'],
  ])(
    'has the media type that %j asks for, an error too, and JSON for what is not served',
    async (accept, mediaType) => {
      const known = await partner.send('{ __typename }', {}, { headers: { accept } });
      const unknown = await partner.send('{ __typename }', {}, { headers: { accept, 'x-signature': 'x' } });
      expect([known.status, unknown.status]).toEqual([200, 401]);
      for (const answer of [known, unknown]) {
        expect(answer.headers['content-type']).toBe(`${mediaType}; charset=utf-8`);
      }
    },
  );

  test('to a stored mutation is 200 for any accepted media type', async () => {
    const caller = gateway.nextPartner();
    const accepts = fc.oneof(
      fc.constantFrom(
        'text/html',
        'image/*',
        '*/*;q=0',
        'application/json;charset=latin1',
        'multipart/mixed',
      ),
      fc.string({ unit: fc.constantFrom(...Array.from('abjson/*;,=q.01+- "')), maxLength: 40 }),
    );
    await fc.assert(
      fc.asyncProperty(accepts, async (accept) => {
        const input = newCustomer();
        const answer = await caller.send(CREATE_CUSTOMER, { input }, { headers: { accept } });
        expect([answer.status, answer.json.data.createCustomer.__typename]).toEqual([200, 'Created']);
      }),
      { numRuns: 50 },
    );
  });

  test('to an unknown path is 404', async () => {
    expect(await get('/nothing')).toMatchObject({ status: 404 });
  });
});

test('an unexpected error shows the caller only a request ID', async () => {
  const broken = await startTestGateway();
  try {
    const victim = broken.nextPartner();
    await victim.send('{ __typename }');
    await query(broken.databaseUrl, 'alter table customer rename to gone');
    const answer = await victim.send(CREATE_CUSTOMER, { input: newCustomer() });
    expect(answer.json.data).toBeNull();
    expect(answer.json.errors).toEqual([
      {
        message: 'Internal server error.',
        path: ['createCustomer'],
        extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: answer.headers['x-request-id'] },
      },
    ]);
    expect((await exchange(new URL('/healthz', broken.url), 'GET', {}, '')).status).toBe(200);
  } finally {
    await broken.close();
  }
});
