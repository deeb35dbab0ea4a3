import { beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { CREATE_CUSTOMER } from '../support/operations.js';
import { sharedResources } from '../support/resources.js';
import { newEmail, type SignedClient } from '../support/signed-client.js';

const READ = '{ customerByEmail(email: "nobody@example.com") { uuid } }';

let gateway: TestGateway;
const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(await startTestGateway(), (it) => it.close());
});

const use = (partner: SignedClient, calls: number) =>
  Promise.all(Array.from({ length: calls }, () => partner.send(READ)));

describe('the limit of 100 a minute for each client', () => {
  test('lets exactly 100 of 500 requests pass that arrive at once', async () => {
    const partner = gateway.nextPartner();
    const answers = await Promise.all(
      Array.from({ length: 500 }, () =>
        partner.send(CREATE_CUSTOMER, { input: { customer: 'A', email: newEmail() } }),
      ),
    );
    const outcomes = answers.map((answer) => answer.json.data.createCustomer.__typename);
    expect(outcomes.filter((outcome) => outcome === 'Created')).toHaveLength(100);
    expect(outcomes.filter((outcome) => outcome === 'RateLimited')).toHaveLength(400);
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

  test('is told in the headers of every answer', async () => {
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

  test('counts a request that runs no field of ours as one', async () => {
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
