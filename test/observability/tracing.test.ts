import { beforeAll, describe, expect, test } from 'vitest';
import { type Collector, type ReceivedSpan, startCollector } from '../support/collector.js';
import { migratedDatabase, query } from '../support/database.js';
import { type DemoGateway, startDemoGateway } from '../support/demo-gateway.js';
import { CREATE_CUSTOMER, UPDATE_CUSTOMER } from '../support/operations.js';
import { temporaryFolder } from '../support/process.js';
import { sharedResources } from '../support/resources.js';
import { type Answer, type SignedClient } from '../support/signed-client.js';

const SERVER = 2;
const CLIENT = 3;
const ERROR = 2;

interface Traced {
  readonly gateway: DemoGateway;
  readonly databaseUrl: string;
  remove(): Promise<void>;
}

async function startTraced(variables: Record<string, string>): Promise<Traced> {
  const folder = await temporaryFolder();
  const databaseUrl = await migratedDatabase();
  const gateway = await startDemoGateway(folder.path, { DATABASE_URL: databaseUrl, ...variables });
  return { gateway, databaseUrl, remove: folder.remove };
}

const create = (client: SignedClient, email: string, traceparent?: string): Promise<Answer> =>
  client.send(
    CREATE_CUSTOMER,
    {
      input: {
        customer: 'Ada Lovelace',
        email,
        contacts: [{ firstName: 'Wollstonecraft', phone: '+44 20 7946' }],
      },
    },
    { headers: { traceparent, tracestate: 'vendor=caller-state', baggage: 'user=caller-baggage' } },
  );

describe('the trace of a request', () => {
  const callersTrace = 'af7651916cd43dd8448eb211c80319c0';
  const callersSpan = 'b7ad6b7169203331';
  const strangersTrace = '11111111111111111111111111111111';
  let collector: Collector;
  let traced: Traced;
  let output: string;
  const resources = sharedResources();
  /** Requests are sent and the gateway is stopped, which sends the last spans. */
  beforeAll(async () => {
    collector = resources.adopt(await startCollector(), (it) => it.stop());
    traced = resources.adopt(
      await startTraced({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }),
      async (it) => {
        await it.gateway.stop('SIGKILL');
        await it.remove();
      },
    );
    const { gateway, databaseUrl } = traced;
    const { client } = gateway;
    const created = await create(client, 'ada@example.com', `00-${callersTrace}-${callersSpan}-01`);
    await create(client, 'ada@example.com');
    await client.send(
      '{ __typename }',
      {},
      {
        headers: { 'x-signature': '0'.repeat(64), traceparent: `00-${strangersTrace}-${callersSpan}-01` },
      },
    );
    const { uuid } = created.json.data.createCustomer.data;
    await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        client.send(UPDATE_CUSTOMER, { uuid, input: { notes: `secret note ${index}` } }),
      ),
    );
    await client.send('query Theirs { theirs: customers(search: "lovelace") { records { uuid } } }');
    await query(databaseUrl, 'alter table customer rename to gone');
    await create(client, 'charles@example.com');
    ({ stdout: output } = await gateway.stop('SIGTERM'));
  });

  const named = (name: string): readonly ReceivedSpan[] =>
    collector.spans.filter((span) => span.name === name);
  const childOf = (parent: ReceivedSpan | undefined, name: string): ReceivedSpan | undefined =>
    named(name).find(
      ({ traceId, parentSpanId }) => traceId === parent?.traceId && parentSpanId === parent.spanId,
    );
  const callers = () => named('POST /graphql').find(({ traceId }) => traceId === callersTrace);

  test('goes on from the trace of its caller, who is known', () => {
    expect(callers()).toMatchObject({
      parentSpanId: callersSpan,
      kind: SERVER,
      service: 'customer-gateway',
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/graphql',
        'url.path': '/graphql',
        'url.scheme': 'http',
        'http.response.status_code': 200,
        'gateway.client_id': traced.gateway.client.credentials.clientId,
        'gateway.team_id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    });
  });

  test('begins with us when the caller has none', () => {
    const roots = named('POST /graphql').filter(({ traceId }) => traceId !== callersTrace);
    expect(roots).toHaveLength(11);
    for (const root of roots) expect(root.parentSpanId).toBeUndefined();
  });

  test('is not made for an unknown caller', () => {
    expect(collector.raw()).not.toContain(strangersTrace);
    expect(named('POST /graphql')).toHaveLength(12);
  });

  test('has the operation by our names, and in it the statement', () => {
    const operation = childOf(callers(), 'mutation createCustomer');
    expect(operation?.attributes).toEqual({
      'graphql.operation.type': 'mutation',
      'gateway.operations': ['createCustomer'],
      'gateway.outcomes': ['Created'],
      'gateway.customer_ids': [expect.stringMatching(/^[0-9a-f-]{36}$/)],
      'gateway.customers': 1,
    });
    expect(childOf(operation, 'insert-customer')).toMatchObject({
      kind: CLIENT,
      attributes: { 'db.system.name': 'postgresql', 'db.query.summary': 'insert-customer' },
    });
    const list = named('query customers')[0];
    expect(list?.attributes['gateway.outcomes']).toEqual(['ok']);
    const statements = collector.spans.filter(({ parentSpanId }) => parentSpanId === list?.spanId);
    expect(statements.map(({ name }) => name)).toEqual(['select']);
  });

  test('has the statements of a transaction, each once and each with its own request', () => {
    const begun = named('begin');
    expect(begun.length).toBeGreaterThan(0);
    for (const begin of begun) {
      const parent = collector.spans.find(({ spanId }) => spanId === begin.parentSpanId);
      expect(parent?.name).toBe('mutation updateCustomer');
      expect(named('commit').filter(({ parentSpanId }) => parentSpanId === parent?.spanId)).toHaveLength(1);
    }
  });

  test("shows an unexpected error with PostgreSQL's code and no message", () => {
    const failed = named('mutation createCustomer').find(({ status }) => status === ERROR);
    expect(failed?.attributes['gateway.outcomes']).toEqual(['INTERNAL_SERVER_ERROR']);
    expect(childOf(failed, 'insert-customer')).toMatchObject({
      status: ERROR,
      attributes: { 'error.type': '42P01', 'db.response.status_code': '42P01' },
    });
    expect(collector.raw()).not.toContain('does not exist');
  });

  test('is found from the log', () => {
    const lines = output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
    const line = lines.find(({ msg, trace_id }) => msg === 'request' && trace_id === callersTrace);
    expect(line).toMatchObject({ operation: 'createCustomer', outcome: 'Created' });
  });

  test.each([
    'ada@example.com',
    'charles@example.com',
    'lovelace',
    'Wollstonecraft',
    '+44 20 7946',
    'secret note',
    'Theirs',
    'theirs',
    'caller-state',
    'caller-baggage',
    'insert into',
  ])('does not tell %s', (text) => {
    expect(collector.raw().toLowerCase()).not.toContain(text.toLowerCase());
  });

  test('contains no secret', () => {
    const { clientSecret, token } = traced.gateway.client.credentials;
    for (const secret of [clientSecret, token, new URL(traced.databaseUrl).password]) {
      expect(collector.raw()).not.toContain(secret);
    }
  });
});

describe('a collector that', () => {
  test('is down harms nothing, and is in the log', async () => {
    const traced = await startTraced({
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:9/v1/traces',
      OTEL_EXPORTER_OTLP_TIMEOUT: '500',
    });
    try {
      const answer = await create(traced.gateway.client, 'ada@example.com');
      expect(answer.json.data.createCustomer.__typename).toBe('Created');
      const { code, stdout } = await traced.gateway.stop('SIGTERM');
      expect(code).toBe(0);
      expect(stdout).toContain('traces were not sent');
    } finally {
      await traced.gateway.stop('SIGKILL');
      await traced.remove();
    }
  });

  test('never answers does not keep the gateway from stopping', async () => {
    const collector = await startCollector({ isDeaf: true });
    const traced = await startTraced({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    try {
      await create(traced.gateway.client, 'ada@example.com');
      expect(await traced.gateway.stop('SIGTERM')).toMatchObject({ code: 0 });
    } finally {
      await traced.gateway.stop('SIGKILL');
      await collector.stop();
      await traced.remove();
    }
  });

  test('wants but a share of the traces gets it', async () => {
    const collector = await startCollector();
    const traced = await startTraced({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_TRACES_SAMPLER: 'parentbased_always_off',
    });
    try {
      await create(traced.gateway.client, 'ada@example.com');
      await create(
        traced.gateway.client,
        'bob@example.com',
        '00-22222222222222222222222222222222-b7ad6b7169203331-01',
      );
      await traced.gateway.stop('SIGTERM');
      const traces = new Set(collector.spans.map(({ traceId }) => traceId));
      expect([...traces]).toEqual(['22222222222222222222222222222222']);
    } finally {
      await traced.gateway.stop('SIGKILL');
      await collector.stop();
      await traced.remove();
    }
  });
});
