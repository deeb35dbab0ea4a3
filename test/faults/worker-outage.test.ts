import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { type DemoGateway, startDemoGateway } from '../support/demo-gateway.js';
import { eventually } from '../support/eventually.js';
import { CREATE_CUSTOMER } from '../support/operations.js';
import { type OwnPostgres, startOwnPostgres } from '../support/own-postgres.js';
import { CLI, type GatewayProcess, spawnGateway, temporaryFolder } from '../support/process.js';
import { sharedResources } from '../support/resources.js';
import { newEmail } from '../support/signed-client.js';
import { lockTable } from '../support/table-lock.js';
import { createEndpoint } from '../support/webhook-operations.js';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.js';

/** The stop deadline is 10 s. */
const STOPPED_MS = 10_500;

/** Jobs of workers that have ended are found after 45 to 60 s: docs/operations.md, "Failures". */
const DELIVERED_MS = 60_000;

const TEST_MS = 180_000;

let postgres: OwnPostgres;
let gateway: DemoGateway;
let receiver: WebhookReceiver;

const secretsKey = randomBytes(32).toString('base64');

const resources = sharedResources();
beforeAll(async () => {
  const folder = resources.adopt(await temporaryFolder(), (it) => it.remove());
  postgres = resources.adopt(await startOwnPostgres(), (it) => it.remove());
  receiver = resources.adopt(await startWebhookReceiver(), (it) => it.close());
  gateway = resources.adopt(
    await startDemoGateway(folder.path, { ...variables(), WEBHOOKS: 'off' }),
    async (it) => {
      await it.stop('SIGTERM');
    },
  );
  await createEndpoint(gateway.client, receiver.url);
});

const variables = () => ({ DATABASE_URL: postgres.url, SECRETS_KEY: secretsKey });

async function startWorker(): Promise<GatewayProcess> {
  const worker = await spawnGateway({ ...variables(), NODE_ENV: 'test', WEBHOOK_ALLOW_PRIVATE: 'on' }, [
    CLI,
    'work',
  ]).answers();
  return resources.adopt(worker, async (it) => {
    if (it.child.exitCode === null) await it.stop('SIGKILL');
  });
}

/** Creates a customer and waits for its delivery. */
async function delivered(what: string, deadlineMs?: number): Promise<void> {
  const { json } = await gateway.client.send(CREATE_CUSTOMER, {
    input: { customer: 'Acme', email: newEmail() },
  });
  const { uuid } = json.data.createCustomer.data;
  await eventually(what, () => receiver.received.some(({ event }) => event.data.uuid === uuid), deadlineMs);
}

test(
  'a worker goes on after an outage of PostgreSQL, and stops during one',
  async () => {
    const worker = await startWorker();
    const statusOf = async (path: string) => (await fetch(new URL(path, worker.url))).status;
    await delivered('the event before the outage is delivered');

    await postgres.crash('SIGKILL');
    await eventually('the worker is not ready', async () => (await statusOf('/readyz')) === 503);
    expect(await statusOf('/healthz')).toBe(200);
    await postgres.start();
    await eventually('the worker is ready again', async () => (await statusOf('/readyz')) === 200);
    await eventually('the gateway is ready again', async () => (await gateway.status('/readyz')) === 200);
    await delivered('the event after the outage is delivered', DELIVERED_MS);

    await postgres.crash('immediate');
    const begun = performance.now();
    expect((await worker.stop('SIGTERM')).code).toBe(0);
    expect(performance.now() - begun).toBeLessThan(STOPPED_MS);
    await postgres.start();
    await eventually('the gateway is ready again', async () => (await gateway.status('/readyz')) === 200);
  },
  TEST_MS,
);

test(
  'a worker whose first statement fails starts again',
  async () => {
    // Held for longer than the timeout of a statement, which is 10 s.
    const lock = await lockTable(postgres.url, 'graphile_worker._private_tasks');
    const worker = await startWorker();
    await lock.waitedForBy(1);
    await sleep(11_000);
    await lock.release();
    await delivered('an event is delivered', DELIVERED_MS);
    expect((await worker.stop('SIGTERM')).code).toBe(0);
  },
  TEST_MS,
);
