import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { emptyDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { listen } from '../support/listen.js';
import { operator } from '../support/operator.js';
import { CREATE_CUSTOMER } from '../support/operations.js';
import { CLI, type GatewayProcess, spawnGateway } from '../support/process.js';
import { sharedResources } from '../support/resources.js';
import { newEmail, type SignedClient } from '../support/signed-client.js';
import { createEndpoint, readEndpoint } from '../support/webhook-operations.js';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.js';

const METRICS_TOKEN = 'x'.repeat(32);

/** Longer than the stop deadline of 10 s. */
const STOP_TIMEOUT_MS = 40_000;

/** Serves the API only. */
let gateway: TestGateway;

const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(
    await startTestGateway({ webhooks: { deliver: false, allowPrivate: true, httpsOnly: false } }, 3),
    (it) => it.close(),
  );
});

const variables = () => ({
  NODE_ENV: 'test',
  DATABASE_URL: gateway.databaseUrl,
  SECRETS_KEY: gateway.secretsKey.toString('base64'),
  METRICS_TOKEN,
  WEBHOOK_ALLOW_PRIVATE: 'on',
});

/** Starts `customer-gateway work`. */
async function startWorker(): Promise<GatewayProcess> {
  const worker = await spawnGateway(variables(), [CLI, 'work']).answers();
  return resources.adopt(worker, async (it) => {
    if (it.child.exitCode === null) await it.stop('SIGKILL');
  });
}

const logOf = (worker: GatewayProcess): { msg: string }[] =>
  worker
    .output()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

async function newReceiver(): Promise<WebhookReceiver> {
  return resources.adopt(await startWebhookReceiver(), (it) => it.close());
}

const createCustomer = (partner: SignedClient) =>
  partner.send(CREATE_CUSTOMER, { input: { customer: 'Acme', email: newEmail() } });

test('`work` delivers the events that gateways without webhooks store, and reports its state', async () => {
  const partner = gateway.nextPartner();
  const receiver = await newReceiver();
  const { secret } = await createEndpoint(partner, receiver.url);
  await createCustomer(partner);
  await sleep(500);
  expect(receiver.received).toEqual([]);

  const worker = await startWorker();
  await eventually('the event of before is delivered', () => receiver.received.length === 1);
  await createCustomer(partner);
  await eventually('a new event is delivered', () => receiver.received.length === 2);
  for (const delivery of receiver.received) receiver.verify(delivery, secret);

  const get = async (path: string, token = '') => {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(new URL(path, worker.url), { headers });
    return { status: response.status, text: await response.text() };
  };
  expect((await get('/healthz')).status).toBe(200);
  expect((await get('/readyz')).status).toBe(200);
  expect((await get('/metrics')).status).toBe(401);
  const metrics = async () => (await get('/metrics', METRICS_TOKEN)).text;
  await eventually('both attempts are recorded', async () => {
    const text = await metrics();
    const isCounted = /^gateway_webhook_attempts_total\{outcome="2xx"\} 2$/m.test(text);
    return isCounted && /^gateway_webhook_deliveries_pending 0$/m.test(text);
  });
  expect(await metrics()).toMatch(/^gateway_database_connections_max \d+$/m);
  for (const path of ['/', '/graphql']) expect((await get(path)).status).toBe(404);

  expect((await worker.stop('SIGTERM')).code).toBe(0);
  const messages = logOf(worker).map(({ msg }) => msg);
  expect(messages).toContain('delivering webhooks');
  expect(messages.slice(-2)).toEqual(['stopping', 'stopped']);
});

test('a worker that is stopped finishes the attempts in progress', async () => {
  const partner = gateway.nextPartner();
  const receiver = await newReceiver();
  const answer = Promise.withResolvers<void>();
  receiver.respond = async (_delivery, response) => {
    await answer.promise;
    response.writeHead(204).end();
  };
  const { uuid } = await createEndpoint(partner, receiver.url);
  const worker = await startWorker();
  await createCustomer(partner);
  await eventually('the attempt is in progress', () => receiver.received.length === 1);
  const stopped = worker.stop('SIGINT');
  await sleep(500);
  answer.resolve();
  expect((await stopped).code).toBe(0);
  expect((await readEndpoint(partner, uuid)).deliveries).toMatchObject([
    { status: 'SUCCEEDED', attempts: [{ responseStatus: 204 }] },
  ]);
  expect(receiver.received).toHaveLength(1);
});

test(
  'a worker stops in time when an endpoint does not respond, and the next one repeats the attempt',
  async () => {
    const partner = gateway.nextPartner();
    const receiver = await newReceiver();
    const { respond } = receiver;
    receiver.respond = () => new Promise(() => {});
    const { uuid } = await createEndpoint(partner, receiver.url);
    const worker = await startWorker();
    await createCustomer(partner);
    await eventually('the attempt is in progress', () => receiver.received.length === 1);
    const begun = performance.now();
    expect((await worker.stop('SIGTERM')).code).toBe(0);
    expect(performance.now() - begun).toBeLessThan(10_500);

    receiver.respond = respond;
    const next = await startWorker();
    await eventually('it is delivered', async () => {
      const { deliveries } = await readEndpoint(partner, uuid);
      return deliveries[0]?.status === 'SUCCEEDED';
    });
    expect((await next.stop('SIGTERM')).code).toBe(0);
  },
  STOP_TIMEOUT_MS,
);

test('a worker that cannot start says why in one sentence', async () => {
  const run = (changes: Record<string, string>) => operator({ ...variables(), ...changes }).run('work');
  expect(await run({ PORT: '0', DATABASE_URL: await emptyDatabase() })).toEqual({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(
      /^The database schema is out of date \(pending: graphile-worker and \d+ more\); run `customer-gateway migrate`\.\n$/,
    ),
  });
  expect((await run({ SECRETS_KEY: 'hunter2' })).code).toBe(2);

  const taken = createServer();
  const port = await listen(taken);
  try {
    expect(await run({ NODE_ENV: 'development', LOG_FORMAT: 'json', PORT: String(port) })).toEqual({
      code: 1,
      stdout: '',
      stderr: `Port ${port} is in use; try PORT=${port + 1} npx customer-gateway work.\n`,
    });
  } finally {
    taken.close();
  }
});
