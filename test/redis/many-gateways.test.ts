import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { newCustomer } from '../support/customers.js';
import { query } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { CREATE_CUSTOMER } from '../support/operations.js';
import { describeWith } from '../support/programs.js';
import { type RedisServer, startRedis } from '../support/redis.js';
import { sharedResources } from '../support/resources.js';
import { type PartnerOfTwo, startTwoGateways, type TwoGateways } from '../support/two-gateways.js';

const READ = '{ customerByEmail(email: "nobody@example.com") { uuid } }';
const LIMIT = 10;

/** Partners of the tests that share two gateways. */
const PARTNERS = 10;

const shared = (redis: RedisServer) => ({ REDIS_URL: redis.url, RATE_LIMIT_MAX: String(LIMIT) });

/** Sends so many creates to each of the two gateways, all at once. @returns the outcomes, or the status where there is none. */
async function createAtBoth({ one, other }: PartnerOfTwo, times: number): Promise<string[]> {
  const clients = Array.from({ length: times }, () => [one, other]).flat();
  const answers = await Promise.all(
    clients.map((client) => client.send(CREATE_CUSTOMER, { input: newCustomer() })),
  );
  return answers.map(({ status, json }) => json.data?.createCustomer.__typename ?? String(status));
}

const count = (outcomes: readonly string[], wanted: string) =>
  outcomes.filter((outcome) => outcome === wanted).length;

describeWith('redis-server')('two gateways with one Redis', () => {
  const resources = sharedResources();
  let redis: RedisServer;
  let pair: TwoGateways;
  /** Made before the first call: a gateway knows a new client within a second, not at once. */
  let partners: PartnerOfTwo[];
  /** What each gateway had logged before the test. */
  let before: readonly string[];
  beforeAll(async () => {
    redis = resources.adopt(await startRedis(), (it) => it.kill());
    pair = resources.adopt(await startTwoGateways(shared(redis)), (it) => it.close());
    partners = await Promise.all(Array.from({ length: PARTNERS }, () => pair.newPartner()));
  });
  beforeEach(() => {
    before = pair.gateways.map((gateway) => gateway.output());
  });
  afterEach(async () => {
    await redis.start();
    await eventually('both share again', () =>
      pair.gateways.every(
        (_gateway, index) =>
          timesLogged(index, 'Redis is available again') === timesLogged(index, 'Redis is unavailable'),
      ),
    );
  });

  /** A partner that no other test has. */
  function nextPartner(): PartnerOfTwo {
    const partner = partners.pop();
    if (!partner) throw new Error('There are no partners left; raise PARTNERS');
    return partner;
  }

  /** How often a gateway has logged a message in this test. */
  const timesLogged = (index: number, message: string) =>
    (pair.gateways[index]?.output() ?? '')
      .slice(before[index]?.length)
      .split('\n')
      .filter((line) => line.includes(`"msg":"${message}"`)).length;
  const bothLogged = (message: string, times: number) =>
    pair.gateways.every((_gateway, index) => timesLogged(index, message) === times);

  test('allow a client exactly its limit between them', async () => {
    const partner = nextPartner();
    const outcomes = await createAtBoth(partner, 2 * LIMIT);
    expect(count(outcomes, 'Created')).toBe(LIMIT);
    // Each refuses as many as the limit, and reads no more of the client then.
    expect(count(outcomes, 'RateLimited') + count(outcomes, '429')).toBe(3 * LIMIT);
    expect(count(outcomes, 'RateLimited')).toBeLessThanOrEqual(2 * LIMIT);
    const rows = await query(pair.databaseUrl, 'select 1 from customer where team_id = $1', [partner.teamId]);
    expect(rows).toHaveLength(LIMIT);
  });

  test('report the remaining calls of the limit that they share', async () => {
    const partner = nextPartner();
    const first = await partner.one.send(READ);
    const second = await partner.other.send(READ);
    expect(first.headers['ratelimit-remaining']).toBe(String(LIMIT - 1));
    expect(second.headers['ratelimit-remaining']).toBe(String(LIMIT - 2));
  });

  test('accept a signature with a mutation once between them', async () => {
    const partner = nextPartner();
    const timestamp = String(Date.now());
    const variables = { input: newCustomer() };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => [partner.one, partner.other])
        .flat()
        .map((client) => client.send(CREATE_CUSTOMER, variables, { timestamp })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(9);
  });

  test('count each for itself while Redis is gone, say so once, and share again when it is back', async () => {
    const [partner, next] = [nextPartner(), nextPartner()];
    await createAtBoth(partner, 1);
    await redis.kill();

    // Long enough for each to have tried in vain to connect anew.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    // Each has a limit of its own now, of which it has counted nothing.
    expect(count(await createAtBoth(partner, 2 * LIMIT), 'Created')).toBe(2 * LIMIT);
    expect(bothLogged('Redis is unavailable', 1)).toBe(true);

    await redis.start();
    await eventually('both share again', () => bothLogged('Redis is available again', 1));
    expect(count(await createAtBoth(next, LIMIT), 'Created')).toBe(LIMIT);
    expect(bothLogged('Redis is unavailable', 1)).toBe(true);
  });

  test('each still accept a signature once while Redis is gone', async () => {
    const partner = nextPartner();
    const timestamp = String(Date.now());
    const variables = { input: newCustomer() };
    const send = () => partner.one.send(CREATE_CUSTOMER, variables, { timestamp });
    expect((await send()).status).toBe(200);
    await redis.kill();
    expect((await send()).status).toBe(401);
  });

  test('answer while Redis hangs, and share again when it goes on', async () => {
    const [partner, next] = [nextPartner(), nextPartner()];
    redis.freeze();
    try {
      expect(count(await createAtBoth(partner, LIMIT), 'Created')).toBe(2 * LIMIT);
      expect(bothLogged('Redis is unavailable', 1)).toBe(true);
    } finally {
      redis.thaw();
    }
    await eventually('both share again', () => bothLogged('Redis is available again', 1));
    expect(count(await createAtBoth(next, LIMIT), 'Created')).toBe(LIMIT);
  });

  test('do without a Redis that takes no writes', async () => {
    await redis.command('CONFIG', 'SET', 'maxmemory', '1');
    expect(count(await createAtBoth(nextPartner(), 1), 'Created')).toBe(2);
    expect(bothLogged('Redis is unavailable', 1)).toBe(true);

    await redis.command('CONFIG', 'SET', 'maxmemory', '0');
    await eventually('both share again', () => bothLogged('Redis is available again', 1));
  });
});

describeWith('redis-server')('a gateway that is told to refuse while Redis is gone', () => {
  let redis: RedisServer;
  let gateway: TestGateway;
  const resources = sharedResources();
  beforeAll(async () => {
    redis = resources.adopt(await startRedis(), (it) => it.kill());
    gateway = resources.adopt(
      await startTestGateway({ redisUrl: redis.url, redisFailureMode: 'refuse' }),
      (it) => it.close(),
    );
  });

  test('answers 503 with Retry-After, does nothing, and serves again when it is back', async () => {
    const partner = gateway.nextPartner();
    const readiness = async () => (await fetch(new URL('/readyz', gateway.url))).status;
    expect(await readiness()).toBe(200);
    await redis.kill();
    for (const document of [
      READ,
      '{ __typename }',
      `mutation { createCustomer(input: { customer: "A", email: "a@example.com" }) { __typename } }`,
    ]) {
      const answer = await partner.send(document);
      expect(answer.status).toBe(503);
      expect(answer.headers['retry-after']).toBe('1');
      expect(answer.json.errors[0].extensions).toEqual({
        code: 'SERVICE_UNAVAILABLE',
        requestId: answer.headers['x-request-id'],
        retryAfterSeconds: 1,
      });
    }
    expect(await query(gateway.databaseUrl, 'select 1 from customer')).toEqual([]);
    expect(await readiness()).toBe(503);

    await redis.start();
    await eventually('it serves', async () => (await partner.send(READ)).status === 200);
    expect(await readiness()).toBe(200);
  });
});

describeWith('redis-server')('the start without a Redis that is configured', () => {
  test('succeeds, and shares once it is there', async () => {
    const redis = await startRedis();
    await redis.kill();
    const pair = await startTwoGateways(shared(redis), ['here', 'here']);
    try {
      const [partner, next] = [await pair.newPartner(), await pair.newPartner()];
      expect(count(await createAtBoth(partner, LIMIT), 'Created')).toBe(2 * LIMIT);
      await redis.start();
      await eventually('both share', () =>
        pair.gateways.every((gateway) => gateway.output().includes('Redis is available again')),
      );
      expect(count(await createAtBoth(next, LIMIT), 'Created')).toBe(LIMIT);
    } finally {
      await pair.close();
      await redis.kill();
    }
  });
});
