import { beforeAll, describe, expect, test } from 'vitest';
import { Metrics } from '../../src/observability/metrics.js';
import { query } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { parseExposition, type Scrape } from '../support/exposition.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { CREATE_CUSTOMER } from '../support/operations.js';
import { describeWith } from '../support/programs.js';
import { startRedis } from '../support/redis.js';
import { sharedResources } from '../support/resources.js';
import { type Answer, exchange, newEmail } from '../support/signed-client.js';

const TOKEN = 'a-token-for-the-scrapers-of-this-test';

let gateway: TestGateway;
const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(await startTestGateway({}, 15), (it) => it.close());
});

const get = (from: TestGateway, headers: Record<string, string> = {}): Promise<Answer> =>
  exchange(new URL('/metrics', from.url), 'GET', headers, '');

async function scrape(): Promise<Scrape> {
  return parseExposition((await get(gateway)).text);
}

/** How much a value grows while something is done. */
async function growth(
  name: string,
  labels: Record<string, string>,
  act: () => Promise<unknown>,
): Promise<number> {
  const before = (await scrape()).sum(name, labels);
  await act();
  return (await scrape()).sum(name, labels) - before;
}

const operations = (operation: string, outcome: string, act: () => Promise<unknown>) =>
  growth('gateway_operations_total', { operation, outcome }, act);

const input = (email = newEmail()) => ({ input: { customer: 'Acme', email } });

describe('operations are counted by the root field and', () => {
  test('the member of the union, for any alias', async () => {
    const partner = gateway.nextPartner();
    const email = newEmail();
    const create = () => partner.send(CREATE_CUSTOMER, input(email));
    expect(await operations('createCustomer', 'Created', create)).toBe(1);
    expect(await operations('createCustomer', 'Conflict', create)).toBe(1);
    expect(
      await operations('createCustomer', 'ValidationError', () =>
        partner.send(
          'mutation Mine { mine: createCustomer(input: { customer: "", email: "" }) { __typename } }',
        ),
      ),
    ).toBe(1);
    const { samples } = await scrape();
    expect(samples.filter(({ labels }) => Object.values(labels).some((text) => /mine/i.test(text)))).toEqual(
      [],
    );
  });

  test('ok for a query, also one that finds nothing', async () => {
    const partner = gateway.nextPartner();
    const find = () => partner.send('{ customerByEmail(email: "nobody@example.com") { uuid } }');
    expect(await operations('customerByEmail', 'ok', find)).toBe(1);
  });

  test('the code of the error for a query that is refused', async () => {
    const partner = gateway.nextPartner();
    const list = () => partner.send('{ customers(page: 0) { records { uuid } } }');
    expect(await operations('customers', 'BAD_USER_INPUT', list)).toBe(1);
  });

  test('each root field of a request alone', async () => {
    const partner = gateway.nextPartner();
    const find = () =>
      partner.send(`{
        a: customerByEmail(email: "a@example.com") { uuid }
        b: customerByEmail(email: "b@example.com") { uuid }
        customers(page: 0) { records { uuid } }
      }`);
    expect(await operations('customerByEmail', 'ok', find)).toBe(2);
    expect(await operations('customers', 'BAD_USER_INPUT', find)).toBe(1);
    expect(await growth('gateway_operation_duration_seconds_count', {}, find)).toBe(3);
  });

  test('an error below the root field, where lists are read', async () => {
    const broken = await startTestGateway();
    try {
      const partner = broken.nextPartner();
      await partner.send('{ __typename }');
      await query(broken.databaseUrl, 'alter table customer rename to gone');
      await partner.send('{ customers { records { uuid } } }');
      const scraped = parseExposition((await get(broken)).text);
      expect(scraped.sum('gateway_operations_total')).toBe(1);
      expect(
        scraped.sum('gateway_operations_total', {
          operation: 'customers',
          outcome: 'INTERNAL_SERVER_ERROR',
        }),
      ).toBe(1);
    } finally {
      await broken.close();
    }
  });

  test('none where a document is refused before it has run any', async () => {
    const partner = gateway.nextPartner();
    expect(await operations('none', 'GRAPHQL_PARSE_FAILED', () => partner.send('{'))).toBe(1);
    expect(await operations('none', 'GRAPHQL_VALIDATION_FAILED', () => partner.send('{ no }'))).toBe(1);
    expect(await operations('none', 'BAD_USER_INPUT', () => partner.send(CREATE_CUSTOMER, {}))).toBe(1);
    const twoErrors = () => partner.send(CREATE_CUSTOMER, { input: {} });
    expect(await operations('none', 'BAD_USER_INPUT', twoErrors)).toBe(1);
  });
});

test('the limit’s decisions are counted', async () => {
  const tight = await startTestGateway({ rateLimit: { max: 2, windowSeconds: 60 } });
  try {
    const partner = tight.nextPartner();
    await partner.send('{ a: customerByEmail(email: "a@b.co") { uuid } b: customers { records { uuid } } }');
    await partner.send(CREATE_CUSTOMER, input());
    const scraped = parseExposition((await get(tight)).text);
    expect(scraped.sum('gateway_rate_limit_decisions_total', { decision: 'allowed' })).toBe(2);
    expect(scraped.sum('gateway_rate_limit_decisions_total', { decision: 'refused' })).toBe(1);
    expect(scraped.sum('gateway_operations_total', { outcome: 'RateLimited' })).toBe(1);
  } finally {
    await tight.close();
  }
});

test.each([
  ['SIGNATURE_MISMATCH', { 'x-signature': '0'.repeat(64) }],
  ['MISSING_HEADER', { 'x-signature': undefined }],
  ['TOKEN_INVALID', { authorization: 'Bearer cgt_invented' }],
])('a request that is not authenticated is counted as %s', async (reason, headers) => {
  const partner = gateway.nextPartner();
  const send = () => partner.send('{ __typename }', {}, { headers });
  expect(await growth('gateway_unauthenticated_requests_total', { reason }, send)).toBe(1);
});

describe('HTTP requests', () => {
  test('are timed by method, route and status', async () => {
    const partner = gateway.nextPartner();
    const answered = { method: 'POST', route: '/graphql', status: '200' };
    const send = () => partner.send('{ __typename }');
    expect(await growth('http_request_duration_seconds_count', answered, send)).toBe(1);
    expect(await growth('http_request_duration_seconds_bucket', { ...answered, le: '+Inf' }, send)).toBe(1);
    expect(await growth('http_request_duration_seconds_sum', answered, send)).toBeGreaterThan(0);
  });

  test('to unknown routes are one', async () => {
    const unknown = { route: 'none', status: '404' };
    const ask = async () => {
      await exchange(new URL('/a', gateway.url), 'GET', {}, '');
      await exchange(new URL('/b', gateway.url), 'GET', {}, '');
    };
    expect(await growth('http_request_duration_seconds_count', unknown, ask)).toBe(2);
  });
});

test('the pool, the event loop and the process are shown', async () => {
  await gateway.nextPartner().send(CREATE_CUSTOMER, input());
  const scraped = await scrape();
  expect(scraped.sum('gateway_database_connections')).toBeGreaterThan(0);
  expect(scraped.sum('gateway_database_connections_max')).toBeGreaterThanOrEqual(
    scraped.sum('gateway_database_connections'),
  );
  const names = new Set(scraped.samples.map(({ name }) => name));
  for (const name of [
    'gateway_database_connections_idle',
    'gateway_customer_events_lag_seconds',
    'gateway_database_waiting',
    'nodejs_eventloop_lag_p99_seconds',
    'process_cpu_seconds_total',
    'process_resident_memory_bytes',
  ]) {
    expect(names).toContain(name);
  }
});

describeWith('redis-server')('with Redis', () => {
  test('the metrics show whether it answers', async () => {
    const redis = await startRedis();
    const sharing = await startTestGateway({ redisUrl: redis.url }, 0);
    const up = async () => parseExposition((await get(sharing)).text).sum('gateway_redis_up');
    try {
      expect(await up()).toBe(1);
      await redis.kill();
      await eventually('the gateway knows that Redis is gone', async () => (await up()) === 0);
    } finally {
      await sharing.close();
      await redis.kill();
    }
  });
});

describe('a scraper that asks for OpenMetrics', () => {
  const TYPE = 'application/openmetrics-text';
  const scrapeOpenMetrics = async (accept = TYPE) => get(gateway, { accept });

  /** The exemplars of the samples with this name and these labels. */
  async function exemplarsOf(name: string, labels: string): Promise<string[]> {
    const { text } = await scrapeOpenMetrics();
    return text
      .split('\n')
      .filter((line) => line.startsWith(name) && line.includes(labels) && line.includes(' # {'))
      .map((line) => line.split(' # ')[1] ?? '');
  }

  test('gets the customer and the request of the last change as exemplars', async () => {
    const partner = gateway.nextPartner();
    const answer = await partner.send(
      'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { ... on Created { data { uuid } } } }',
      input(),
    );
    const { uuid } = answer.json.data.createCustomer.data;
    const exemplar = `{customer_id="${uuid}",request_id="${String(answer.headers['x-request-id'])}"}`;
    const counted = await exemplarsOf(
      'gateway_operations_total',
      'operation="createCustomer",outcome="Created"',
    );
    expect(counted).toEqual([expect.stringMatching(/^\S+ 1 \d+(\.\d+)?$/)]);
    expect(counted[0]?.split(' ')[0]).toBe(exemplar);
    const timed = await exemplarsOf(
      'gateway_operation_duration_seconds_bucket',
      'operation="createCustomer"',
    );
    expect(timed.some((each) => each.startsWith(exemplar))).toBe(true);
    // The limit of OpenMetrics.
    expect(exemplar.replaceAll(/[{}",=]/g, '').length).toBeLessThanOrEqual(128);
  });

  test('gets the first customer of a bulk', async () => {
    const partner = gateway.nextPartner();
    const answer = await partner.send(
      `mutation ($inputs: [CreateCustomerInput!]!) {
        createCustomers(inputs: $inputs) {
          ... on CustomersCreated { results { ... on Created { data { uuid } } } }
        }
      }`,
      { inputs: [{ customer: '', email: '' }, input().input, input().input] },
    );
    const [, first] = answer.json.data.createCustomers.results;
    const exemplars = await exemplarsOf('gateway_operations_total', 'outcome="CustomersCreated"');
    expect(exemplars).toEqual([expect.stringContaining(`{customer_id="${first.data.uuid}"`)]);
  });

  test('gets no exemplar of a read, or of a mutation that changed nothing', async () => {
    const partner = gateway.nextPartner();
    const email = newEmail();
    await partner.send(CREATE_CUSTOMER, input(email));
    await partner.send(CREATE_CUSTOMER, input(email));
    await partner.send(`{ customerByEmail(email: "${email}") { uuid } }`);
    expect(await exemplarsOf('gateway_operations_total', 'outcome="Conflict"')).toEqual([]);
    expect(await exemplarsOf('gateway_operation', 'operation="customerByEmail"')).toEqual([]);
  });

  test('gets valid OpenMetrics, and leaves the text format as it is', async () => {
    await gateway.nextPartner().send(CREATE_CUSTOMER, input());
    const open = await scrapeOpenMetrics();
    expect(open.headers['content-type']).toBe(`${TYPE}; version=1.0.0; charset=utf-8`);
    expect(open.text.endsWith('\n# EOF\n')).toBe(true);
    const declared = [...open.text.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
    expect(declared.length).toBeGreaterThan(20);
    // A counter is declared without the suffix that its samples have.
    const counters = declared.filter(([, , type]) => type === 'counter').map(([, name = '']) => name);
    expect(counters).toContain('gateway_operations');
    for (const name of counters) expect(open.text).not.toMatch(new RegExp(`^${name}[ {]`, 'm'));
    const { text } = await get(gateway);
    expect(text).toMatch(/^# TYPE gateway_operations_total counter$/m);
    expect(text).not.toContain(' # {');
    expect(parseExposition(text).sum('gateway_operations_total')).toBeGreaterThan(0);
  });

  test.each([
    // What Prometheus 3 sends.
    [
      'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.2,*/*;q=0.1',
      TYPE,
    ],
    [`text/plain;q=0.5, ${TYPE};q=0.9`, TYPE],
    [`${TYPE};q=0.1, text/plain`, 'text/plain'],
    [`${TYPE};q=0, text/plain`, 'text/plain'],
    ['*/*', 'text/plain'],
    ['text/*', 'text/plain'],
    ['application/json', 'text/plain'],
    ['', 'text/plain'],
    ['x'.repeat(8_000), 'text/plain'],
  ])('with Accept: %s', async (accept, type) => {
    const { status, headers } = await scrapeOpenMetrics(accept);
    expect([status, headers['vary']]).toEqual([200, 'accept']);
    expect(headers['content-type']).toMatch(new RegExp(`^${type};`));
  });
});

test('no label names a client or a team', async () => {
  const partner = gateway.nextPartner();
  await partner.send(CREATE_CUSTOMER, input());
  const { text } = await get(gateway);
  expect(text).not.toContain(partner.credentials.clientId);
  expect(text).not.toContain(partner.teamId);
  // Customers are in exemplars only.
  expect(text).not.toContain('customer_id');
});

describe('the metrics are shown', () => {
  test('in the text format', async () => {
    expect((await get(gateway)).headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  test('in production only if a token is configured', async () => {
    const silent = await startTestGateway({ environment: 'production' }, 0);
    try {
      expect((await get(silent)).status).toBe(404);
    } finally {
      await silent.close();
    }
  });

  test('only to a scraper with the token, where one is configured', async () => {
    const guarded = await startTestGateway({ environment: 'production', metricsToken: TOKEN }, 0);
    try {
      expect((await get(guarded)).status).toBe(401);
      const wrong = await get(guarded, { authorization: `Bearer ${TOKEN}x` });
      expect(wrong).toMatchObject({
        status: 401,
        json: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
      });
      expect(wrong.headers['www-authenticate']).toBe('Bearer realm="metrics"');
      const right = await get(guarded, { authorization: `Bearer ${TOKEN}` });
      expect(right.status).toBe(200);
      expect(parseExposition(right.text).samples).not.toHaveLength(0);
    } finally {
      await guarded.close();
    }
  });
});

test('while the database is unavailable, the metrics are served without the delay of events', async () => {
  const metrics = new Metrics();
  metrics.watch([], undefined, () => Promise.reject(new Error('the database is unavailable')));
  const { text } = await metrics.expose('text');
  expect(text).toMatch(/^gateway_customer_events_lag_seconds Nan$/m);
  expect(text).toMatch(/^process_cpu_seconds_total \d/m);
});
