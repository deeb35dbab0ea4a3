import { beforeAll, describe, expect, test } from 'vitest';
import { newCustomer } from '../support/customers.js';
import { eventually } from '../support/eventually.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { CREATE_CUSTOMER } from '../support/operations.js';
import { sharedResources } from '../support/resources.js';
import { newEmail, type SignedClient } from '../support/signed-client.js';

const READ = '{ customerByEmail(email: "nobody@example.com") { uuid } }';

let gateway: TestGateway;
const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(await startTestGateway({}, 8), (it) => it.close());
});

const use = (partner: SignedClient, calls: number) =>
  Promise.all(Array.from({ length: calls }, () => partner.send(READ)));

describe('the limit of 100 a minute for each client', () => {
  test('lets exactly 100 of 500 requests pass that arrive at once, refuses 100, and does not read the others', async () => {
    const partner = gateway.nextPartner();
    const answers = await Promise.all(
      Array.from({ length: 500 }, () => partner.send(CREATE_CUSTOMER, { input: newCustomer() })),
    );
    const outcomes = answers.map(({ status, json }) => json.data?.createCustomer.__typename ?? status);
    expect(outcomes.filter((outcome) => outcome === 'Created')).toHaveLength(100);
    expect(outcomes.filter((outcome) => outcome === 'RateLimited')).toHaveLength(100);
    expect(outcomes.filter((outcome) => outcome === 429)).toHaveLength(300);
  });

  test('counts every root field, so that aliases do not dodge it', async () => {
    const partner = gateway.nextPartner();
    await use(partner, 98);
    const read = (alias: string) => `${alias}: customerByEmail(email: "x") { uuid }`;
    const answer = await partner.send(`{ ${read('a')} ${read('b')} ${read('c')} }`);
    expect(answer.json.errors).toHaveLength(1);
    expect(answer.json.errors[0]).toMatchObject({
      path: ['c'],
      extensions: { code: 'RATE_LIMIT_EXCEEDED', details: { limit: 100, remaining: 0 } },
    });
    expect(answer.headers).toMatchObject({ 'ratelimit-remaining': '0', 'retry-after': expect.any(String) });
  });

  test('counts mutations under aliases too', async () => {
    const partner = gateway.nextPartner();
    await use(partner, 99);
    const create = (alias: string) =>
      `${alias}: createCustomer(input: { customer: "A", email: "${newEmail()}" }) { __typename }`;
    const answer = await partner.send(`mutation { ${create('first')} ${create('second')} }`);
    expect(answer.json.data).toEqual({
      first: { __typename: 'Created' },
      second: { __typename: 'RateLimited' },
    });
  });

  test('is in the headers of every response', async () => {
    const partner = gateway.nextPartner();
    const first = await partner.send(READ);
    expect(first.headers).toMatchObject({
      'ratelimit-limit': '100',
      'ratelimit-remaining': '99',
      'ratelimit-reset': '60',
    });
    expect(first.headers['retry-after']).toBeUndefined();
    expect((await partner.send(READ)).headers['ratelimit-remaining']).toBe('98');
  });

  test('counts a request without a root field as one', async () => {
    const partner = gateway.nextPartner();
    const answers = [
      await partner.send('{ __typename }'),
      await partner.send('{ syntax error'),
      await partner.send('{ nothing }'),
      await partner.post('not JSON'),
    ];
    expect(answers.map((answer) => answer.headers['ratelimit-remaining'])).toEqual(['99', '98', '97', '96']);
  });

  test('is each client’s own', async () => {
    await use(gateway.nextPartner(), 101);
    expect((await gateway.nextPartner().send(READ)).headers['ratelimit-remaining']).toBe('99');
  });

  test('is not used up by requests that are not authenticated', async () => {
    const partner = gateway.nextPartner();
    const refused = await partner.send(READ, {}, { headers: { 'x-signature': '0'.repeat(64) } });
    expect(refused.headers['ratelimit-limit']).toBeUndefined();
    expect((await partner.send(READ)).headers['ratelimit-remaining']).toBe('99');
  });
});

describe('past its limit a client', () => {
  const limited = {
    code: 'RATE_LIMIT_EXCEEDED',
    details: {
      limit: 5,
      remaining: 0,
      resetAt: expect.any(String),
      retryAfterSeconds: expect.any(Number),
    },
  };
  let small: TestGateway;
  beforeAll(async () => {
    small = resources.adopt(await startTestGateway({ rateLimit: { max: 5, windowSeconds: 60 } }, 13), (it) =>
      it.close(),
    );
  });

  async function spent(): Promise<SignedClient> {
    const partner = small.nextPartner();
    await use(partner, 5);
    return partner;
  }

  test.each<[string, (partner: SignedClient) => ReturnType<SignedClient['send']>]>([
    ['a query', (partner) => partner.send(READ)],
    ['__typename', (partner) => partner.send('{ __typename }')],
    ['introspection', (partner) => partner.send('{ __schema { queryType { name } } }')],
    ['a mutation that runs nothing', (partner) => partner.send('mutation { __typename }')],
    ['a syntax error', (partner) => partner.send('{ syntax error')],
    ['a document that is not valid', (partner) => partner.send('{ nothing }')],
    ['variables that are not valid', (partner) => partner.send(CREATE_CUSTOMER, { input: 1 })],
    ['a body that is no JSON', (partner) => partner.post('nonsense')],
    ['a document that is too long', (partner) => partner.send(`{ __typename }${' '.repeat(100_000)}`)],
  ])('gets the error and no data for %s', async (_case, send) => {
    const answer = await send(await spent());
    expect([answer.status, answer.json.data]).toEqual([200, undefined]);
    expect(answer.json.errors).toHaveLength(1);
    expect(answer.json.errors[0].extensions).toMatchObject(limited);
    expect(answer.headers).toMatchObject({ 'ratelimit-remaining': '0', 'retry-after': expect.any(String) });
  });

  test('gets RateLimited for a mutation, and its signature is used up', async () => {
    const partner = await spent();
    const timestamp = String(Date.now());
    const send = () =>
      partner.send(CREATE_CUSTOMER, { input: { customer: 'A', email: 'a@example.com' } }, { timestamp });
    expect((await send()).json.data.createCustomer.__typename).toBe('RateLimited');
    const again = await send();
    expect([again.status, again.json.errors[0].extensions.reason]).toEqual([401, 'SIGNATURE_REPLAYED']);
  });

  test('that goes on sending is answered 429, before its body is read', async () => {
    const partner = await spent();
    await use(partner, 5);
    const first = await partner.send(READ);
    expect([first.status, first.json.errors[0].extensions]).toEqual([429, limited]);
    const seconds = Number(first.headers['retry-after']);
    expect(seconds).toBeGreaterThan(50);
    expect(seconds).toBeLessThanOrEqual(60);

    // The signature is that of another body: nobody has looked at it.
    const unread = await partner.send(READ, {}, { body: 'x' });
    expect([unread.status, unread.json.errors[0].extensions]).toEqual([429, limited]);
    expect((await small.nextPartner().send(READ)).status).toBe(200);
  });

  test('pays for tokens that are refused too', async () => {
    const partner = small.nextPartner();
    const guess = () =>
      partner.send(READ, {}, { headers: { authorization: `Bearer cgt_${crypto.randomUUID()}` } });
    const statuses = [];
    for (let times = 0; times < 12; times += 1) statuses.push((await guess()).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429]);
    expect((await partner.send(READ)).status).toBe(429);
  });

  test('is let in again when its window has passed', async () => {
    const quick = await startTestGateway({ rateLimit: { max: 2, windowSeconds: 1 } });
    try {
      const partner = quick.nextPartner();
      await use(partner, 10);
      expect((await partner.send(READ)).status).toBe(429);
      await eventually('it is let in', async () => (await partner.send(READ)).json.data !== undefined, 5_000);
    } finally {
      await quick.close();
    }
  });
});

test('a configured window passes, and refused calls have not extended it', async () => {
  const quick = await startTestGateway({ rateLimit: { max: 2, windowSeconds: 1 } });
  try {
    const partner = quick.nextPartner();
    await use(partner, 2);
    let answer = await partner.send(READ);
    expect(answer.json.errors[0].extensions.code).toBe('RATE_LIMIT_EXCEEDED');
    const isLetIn = async () => {
      answer = await partner.send(READ);
      return !answer.json.errors;
    };
    await eventually('it is let in', isLetIn, 5_000);
    expect(answer.json.errors).toBeUndefined();
  } finally {
    await quick.close();
  }
});
