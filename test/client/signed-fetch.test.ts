import { createHash, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSignedFetch, type SignedFetchOptions, UnsignableRequestError } from 'customer-gateway-client';
import { z } from 'zod';
import { type Balancer, startBalancer } from '../support/balancer.js';
import { eventually } from '../support/eventually.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { CREATE_CUSTOMER } from '../support/operations.js';
import { newEmail, type PartnerCredentials } from '../support/signed-client.js';

const QUICK = { retry: { baseDelayMs: 1 } };
const READ = '{ customerByEmail(email: "nobody@example.com") { uuid } }';
const WITHOUT_KEY =
  'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { __typename } }';

let gateway: TestGateway;
let balancer: Balancer;
beforeAll(async () => {
  gateway = await startTestGateway({}, 60);
});
beforeEach(async () => {
  balancer = await startBalancer(gateway.url);
});
afterEach(() => balancer.close());
afterAll(() => gateway.close());

const signedFetch = (options: SignedFetchOptions = QUICK, credentials?: PartnerCredentials) =>
  createSignedFetch(credentials ?? gateway.nextPartner().credentials, options);

const post = (query: string, variables: Record<string, unknown> = {}) => ({
  method: 'POST',
  body: JSON.stringify({ query, variables }),
});

const creation = (variables: Record<string, unknown> = {}) =>
  post(CREATE_CUSTOMER, { input: { customer: 'Acme', email: newEmail() }, ...variables });

/** What the gateway got for idempotency keys, one for each try. */
const keys = () => balancer.received.map(({ body }) => JSON.parse(body).variables.idempotencyKey);

const timestamps = () => balancer.received.map(({ headers }) => headers['x-timestamp']);

async function outcomeOf(answer: Response): Promise<string> {
  const { data } = z
    .object({ data: z.object({ createCustomer: z.object({ __typename: z.string() }) }) })
    .parse(await answer.json());
  return data.createCustomer.__typename;
}

describe('what a signed fetch sends', () => {
  test.each<[string, (url: string) => Parameters<typeof fetch>]>([
    ['a URL as text', (url) => [url, creation()]],
    ['a URL', (url) => [new URL(url), creation()]],
    ['a Request', (url) => [new Request(url, creation())]],
    ['bytes', (url) => [url, { ...creation(), body: Buffer.from(creation().body) }]],
    ['a Blob', (url) => [url, { ...creation(), body: new Blob([creation().body]) }]],
    [
      'a stream',
      (url) => [url, { ...creation(), body: new Blob([creation().body]).stream(), duplex: 'half' }],
    ],
  ])('is taken by the gateway, from %s', async (_name, parameters) => {
    const answer = await signedFetch()(...parameters(balancer.url));
    expect(await outcomeOf(answer)).toBe('Created');
  });

  test("has the caller's own headers, except those that it sets itself", async () => {
    const headers = { accept: 'application/json', 'X-Trace': 'abc', authorization: 'Bearer else' };
    const answer = await signedFetch()(balancer.url, { ...creation(), headers });
    expect(await outcomeOf(answer)).toBe('Created');
    expect(balancer.received[0]?.headers).toMatchObject({ accept: 'application/json', 'x-trace': 'abc' });
  });

  test('is signed for itself each time, also twice the same at once', async () => {
    const send = signedFetch();
    const upsert = post(
      `mutation { upsertCustomer(input: { customer: "A", email: "${newEmail()}" }, by: EMAIL) { __typename } }`,
    );
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(balancer.url, upsert)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  });

  test('is signed with the credentials of the moment', async () => {
    const { credentials } = gateway.nextPartner();
    let clientSecret = 'old';
    const send = createSignedFetch(async () => ({ ...credentials, clientSecret }), QUICK);
    const before = await send(balancer.url, creation());
    expect(await before.json()).toMatchObject({ errors: [{ extensions: { reason: 'SIGNATURE_MISMATCH' } }] });
    clientSecret = credentials.clientSecret;
    expect(await outcomeOf(await send(balancer.url, creation()))).toBe('Created');
  });
});

describe('what cannot be signed', () => {
  test.each<[UnsignableRequestError['reason'], string, RequestInit]>([
    ['METHOD', '', {}],
    ['METHOD', '', { method: 'PUT', body: '{}' }],
    ['QUERY_STRING', '?operation=CreateCustomer', creation()],
  ])('is refused for its %s and not sent', async (reason, search, init) => {
    const refused = signedFetch()(`${balancer.url}${search}`, init);
    await expect(refused).rejects.toMatchObject({ name: 'UnsignableRequestError', reason });
    await expect(refused).rejects.toBeInstanceOf(UnsignableRequestError);
    expect(balancer.received).toEqual([]);
  });

  test('is what has no credentials, and the error is theirs at once', async () => {
    const gone = new Error('No such user');
    const send = createSignedFetch(() => Promise.reject(gone), QUICK);
    await expect(send(balancer.url, creation())).rejects.toBe(gone);
    expect(balancer.received).toEqual([]);
  });
});

describe('an idempotency key', () => {
  test('is put in where the operation declares one and the caller has none, a fresh one for each call', async () => {
    const send = signedFetch();
    await send(balancer.url, creation());
    await send(balancer.url, creation());
    expect(new Set(keys()).size).toBe(2);
    expect(keys()).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), expect.anything()]);
  });

  test('is put into no body that is not UTF-8, which the gateway refuses', async () => {
    const body = Buffer.from(creation().body.replace('Acme', 'Zo\u00eb'), 'latin1');
    const answer = await signedFetch()(balancer.url, { method: 'POST', body });
    expect(await answer.json()).toMatchObject({
      errors: [{ message: 'The request body must be encoded in UTF-8.' }],
    });
  });

  test.each([
    ['the caller’s own', creation({ idempotencyKey: 'order-7' }), 'order-7'],
    ['none where the caller wants none', creation({ idempotencyKey: null }), null],
    ['none where the operation declares none', post(WITHOUT_KEY, { input: {} }), undefined],
    ['none in another operation’s place', post(READ), undefined],
  ])('is %s', async (_name, init, key) => {
    await signedFetch()(balancer.url, init);
    expect(keys()).toEqual([key]);
    expect(balancer.received[0]?.body).toBe(init.body);
  });

  test('holds through every try, so that what was done is answered and not done twice', async () => {
    balancer.meet('lost', { status: 503 }, { status: 429 });
    const answer = await signedFetch()(balancer.url, creation());
    expect(await answer.json()).toMatchObject({
      data: { createCustomer: { __typename: 'Created', replayed: true } },
    });
    expect(keys()).toHaveLength(4);
    expect(new Set(keys()).size).toBe(1);
    expect(new Set(timestamps()).size).toBe(4);
  });
});

describe('a request by the ID of a document', () => {
  const id = createHash('sha256').update(CREATE_CUSTOMER).digest('hex');
  const documents = { [id]: CREATE_CUSTOMER, read: READ, 'without-key': WITHOUT_KEY };
  const byId = (documentId: string, variables: object = {}) => ({
    method: 'POST',
    body: JSON.stringify({ documentId, variables }),
  });
  const persisted = (sha256Hash: string) => ({
    method: 'POST',
    body: JSON.stringify({ extensions: { persistedQuery: { version: 1, sha256Hash } } }),
  });

  test.each([
    ['a query', byId('read')],
    ['a mutation that declares a key', byId(id)],
    ['its prefixed hash', byId(`sha256:${id}`)],
    ["Apollo's extension", persisted(id)],
  ])('is tried again as its text would be, where that is known: %s', async (_name, init) => {
    balancer.meet({ status: 503 });
    await signedFetch({ ...QUICK, documents })(balancer.url, init);
    expect(balancer.received).toHaveLength(2);
  });

  test('gets a key where its text declares one', async () => {
    await signedFetch({ ...QUICK, documents })(balancer.url, byId(id, { input: {} }));
    expect(keys()).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    expect(JSON.parse(balancer.received[0]?.body ?? '')).toMatchObject({
      documentId: id,
      variables: { input: {} },
    });
  });

  test.each<[string, RequestInit]>([
    ['it may be a mutation', byId('unknown')],
    ['it may do more than its key is for', byId('unknown', { idempotencyKey: 'key' })],
    ['it is a mutation without a key', byId('without-key')],
    ['its ID is none', byId('toString')],
  ])('is tried again only after a 429, if %s', async (_name, init) => {
    balancer.meet({ status: 503 }, { status: 429 });
    const send = signedFetch({ ...QUICK, documents });
    expect((await send(balancer.url, init)).status).toBe(503);
    expect((await send(balancer.url, init)).status).toBe(400);
    expect(balancer.received).toHaveLength(3);
  });
});

describe('a request is tried again', () => {
  const key = randomUUID();
  const safe: [string, RequestInit][] = [
    ['a query', post(READ)],
    ['a mutation with a key', creation({ idempotencyKey: key })],
  ];
  const unsafe: [string, RequestInit][] = [
    ['a mutation without a key', post(WITHOUT_KEY, { input: { customer: 'A', email: newEmail() } })],
    ['a mutation that wants no key', creation({ idempotencyKey: null })],
    [
      'a mutation that does more than the key is for',
      post(
        `mutation ($k: String, $idempotencyKey: String) {
          one: createCustomer(input: { customer: "A", email: "a@b.example" }, idempotencyKey: $idempotencyKey) { __typename }
          two: createCustomer(input: { customer: "A", email: "c@d.example" }, idempotencyKey: $k) { __typename }
        }`,
      ),
    ],
    ['what is not GraphQL', { method: 'POST', body: '[]' }],
  ];

  test.each([...safe, ...unsafe])('when it is answered 429: %s', async (_name, init) => {
    balancer.meet({ status: 429 });
    expect((await signedFetch()(balancer.url, init)).status).not.toBe(429);
    expect(balancer.received).toHaveLength(2);
  });

  test.each(safe)('when its outcome is unknown: %s', async (_name, init) => {
    for (const mishap of [{ status: 502 }, { status: 503 }, { status: 504 }, 'lost'] as const) {
      balancer.meet(mishap);
      expect((await signedFetch()(balancer.url, init)).status).toBe(200);
    }
    expect(balancer.received).toHaveLength(8);
  });

  test.each([400, 401, 404, 500, 501])('but not when it is answered %i', async (status) => {
    balancer.meet({ status });
    expect((await signedFetch()(balancer.url, post(READ))).status).toBe(status);
    expect(balancer.received).toHaveLength(1);
  });

  test.each(unsafe)('but not when it may have been done: %s', async (_name, init) => {
    balancer.meet({ status: 503 });
    expect((await signedFetch()(balancer.url, init)).status).toBe(503);
    balancer.meet('lost');
    await expect(signedFetch()(balancer.url, init)).rejects.toMatchObject({ name: 'TypeError' });
    expect(balancer.received).toHaveLength(2);
  });

  test('no more than the tries that it may have, and the last answer is handed on', async () => {
    balancer.meet({ status: 503 }, { status: 503 }, { status: 429, body: 'slow down' });
    const answer = await signedFetch({ retry: { baseDelayMs: 1, maxAttempts: 3 } })(balancer.url, post(READ));
    expect([answer.status, await answer.text()]).toEqual([429, 'slow down']);
    expect(balancer.received).toHaveLength(3);
  });

  test.each([
    ['seconds', () => '3600'],
    ['a date', () => new Date(Date.now() + 3_600_000).toUTCString()],
  ])('not when `Retry-After` asks, in %s, for more than it may wait', async (_form, retryAfter) => {
    balancer.meet({ status: 503, headers: { 'retry-after': retryAfter() } });
    const answer = await signedFetch()(balancer.url, post(READ));
    expect(answer.status).toBe(503);
    expect(balancer.received).toHaveLength(1);
  });

  test('not once it is aborted, though it waits', async () => {
    const abort = new AbortController();
    balancer.meet({ status: 503, headers: { 'retry-after': '5' } });
    const sent = signedFetch()(balancer.url, { ...post(READ), signal: abort.signal });
    await eventually('it was tried', () => balancer.received.length === 1);
    const reason = new Error('The user has left');
    abort.abort(reason);
    await expect(sent).rejects.toBe(reason);
    expect(balancer.received).toHaveLength(1);
  });

  test('not when the answer is an outcome, for which an app may show how long to wait', async () => {
    const small = await startTestGateway({ rateLimit: { max: 2, windowSeconds: 60 } });
    try {
      const partner = small.nextPartner();
      const send = createSignedFetch(partner.credentials, QUICK);
      await send(small.url, creation());
      await send(small.url, creation());
      const limited = await send(small.url, creation());
      expect(limited.headers.get('retry-after')).not.toBeNull();
      expect(await limited.json()).toMatchObject({
        data: {
          createCustomer: {
            __typename: 'RateLimited',
            details: { limit: 2, retryAfterSeconds: expect.any(Number) },
          },
        },
      });
      const query = await send(small.url, post(READ));
      expect(query.status).toBe(200);
      expect(await query.json()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMIT_EXCEEDED' } }] });
    } finally {
      await small.close();
    }
  });
});
