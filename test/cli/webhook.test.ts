import { beforeAll, describe, expect, test } from 'vitest';
import { query } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { operator, type Operator } from '../support/operator.js';
import { CREATE_CUSTOMER } from '../support/operations.js';
import { type Partner } from '../support/partner.js';
import { sharedResources } from '../support/resources.js';
import { newEmail } from '../support/signed-client.js';
import { createEndpoint, readEndpoint, SEND_TEST, UPDATE_ENDPOINT } from '../support/webhook-operations.js';
import { respondWith, startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.js';

const webhooks = { deliver: true, allowPrivate: true, httpsOnly: false };

/** Delivers. */
let gateway: TestGateway;
/** On a database of its own, without a worker. */
let idle: TestGateway;
let admin: Operator;

const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(await startTestGateway({ webhooks }, 3), (it) => it.close());
  idle = resources.adopt(await startTestGateway({ webhooks: { ...webhooks, deliver: false } }, 6), (it) =>
    it.close(),
  );
  admin = operatorOf(gateway);
});

function operatorOf({ databaseUrl, secretsKey }: TestGateway): Operator {
  return operator({
    NODE_ENV: 'production',
    DATABASE_URL: databaseUrl,
    SECRETS_KEY: secretsKey.toString('base64'),
  });
}

async function newReceiver(): Promise<WebhookReceiver> {
  return resources.adopt(await startWebhookReceiver(), (it) => it.close());
}

/** Stores deliveries of test events that were created at a time, and gives their IDs. */
async function storeDeliveries(
  { databaseUrl }: TestGateway,
  endpoint: string,
  { status, at, count = 1 }: { status: string; at: string; count?: number },
): Promise<string[]> {
  const rows = await query<{ id: string }>(
    databaseUrl,
    `insert into webhook_delivery (id, endpoint_id, status)
     select (lpad(to_hex((extract(epoch from $3::timestamptz) * 1000)::bigint), 12, '0')
       || substr(replace(gen_random_uuid()::text, '-', ''), 13))::uuid, $1, $2
     from generate_series(1, $4) returning id`,
    [endpoint, status, at, count],
  );
  return rows.map(({ id }) => id);
}

async function statusesOf(endpoint: string): Promise<Record<string, number>> {
  const rows = await query<{ status: string; count: number }>(
    idle.databaseUrl,
    'select status, count(*)::int from webhook_delivery where endpoint_id = $1 group by status',
    [endpoint],
  );
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

const pause = (partner: Partner, uuid: string, paused: boolean) =>
  partner.send(UPDATE_ENDPOINT, { uuid, input: { paused } });

describe('`webhook list`', () => {
  test('shows the endpoints of all clients with their pending deliveries, and no query string', async () => {
    const own = operatorOf(idle);
    const [one, other] = [idle.nextPartner(), idle.nextPartner()];
    const first = await createEndpoint(one, 'http://127.0.0.1:9/hook?token=hunter2');
    const second = await createEndpoint(other, 'http://127.0.0.1:9/other');
    await one.send(SEND_TEST, { uuid: first.uuid });
    await pause(other, second.uuid, true);
    expect(await own.ask('webhook', 'list')).toEqual([
      expect.objectContaining({ endpointId: second.uuid, status: 'PAUSED', pendingDeliveries: 0 }),
      {
        endpointId: first.uuid,
        clientId: one.credentials.clientId,
        teamId: one.teamId,
        url: 'http://127.0.0.1:9/hook',
        status: 'ENABLED',
        disabledReason: null,
        failingSince: null,
        createdAt: expect.any(String),
        pendingDeliveries: 1,
      },
    ]);
    const { code, stdout } = await own.run('webhook', 'list');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ENDPOINT ID .* PENDING {2}URL$/m);
    expect(stdout).toMatch(new RegExp(`^${first.uuid} .* enabled .* 1 +http://127.0.0.1:9/hook$`, 'm'));
    expect(stdout).not.toContain('hunter2');

    const listed = async (...filter: string[]) =>
      (await own.ask('webhook', 'list', ...filter)).map((it: { endpointId: string }) => it.endpointId);
    expect(await listed('--client', one.credentials.clientId)).toEqual([first.uuid]);
    expect(await listed('--team', other.teamId)).toEqual([second.uuid]);
    expect(await listed('--status', 'paused')).toEqual([second.uuid]);
    expect(await listed('--status', 'disabled')).toEqual([]);
    expect((await own.run('webhook', 'list', '--limit', '1')).stderr).toContain('--limit');
  });
});

describe('`webhook disable`', () => {
  test('ends an endpoint without a worker: its pending deliveries are canceled, and its client sees the reason', async () => {
    const own = operatorOf(idle);
    const partner = idle.nextPartner();
    const { uuid } = await createEndpoint(partner, 'http://127.0.0.1:9/');
    await partner.send(SEND_TEST, { uuid });
    expect(await own.ask('webhook', 'disable', uuid)).toEqual({ endpointId: uuid, result: 'DISABLED' });
    expect(await readEndpoint(partner, uuid)).toMatchObject({
      status: 'DISABLED',
      disabledReason: 'OPERATOR',
      deliveries: [{ status: 'CANCELED', nextAttemptAt: null }],
    });

    // As after a run that was killed before it canceled.
    await query(idle.databaseUrl, "update webhook_delivery set status = 'PENDING' where endpoint_id = $1", [
      uuid,
    ]);
    expect(await own.ask('webhook', 'disable', uuid)).toEqual({
      endpointId: uuid,
      result: 'ALREADY_DISABLED',
    });
    expect(await statusesOf(uuid)).toEqual({ CANCELED: 1 });
    expect(await own.ask('webhook', 'list', '--status', 'disabled')).toMatchObject([
      { endpointId: uuid, disabledReason: 'OPERATOR' },
    ]);
  });

  test('ends an endpoint that a worker sends to: no later event reaches it', async () => {
    const partner = gateway.nextPartner();
    const receiver = await newReceiver();
    receiver.respond = respondWith(500);
    const { uuid } = await createEndpoint(partner, receiver.url);
    const create = () => partner.send(CREATE_CUSTOMER, { input: { customer: 'Acme', email: newEmail() } });
    await create();
    await eventually('an attempt failed', async () => {
      const { deliveries } = await readEndpoint(partner, uuid);
      return deliveries[0]?.attempts.length === 1;
    });
    await admin.ask('webhook', 'disable', uuid);
    await create();
    const other = await newReceiver();
    await createEndpoint(partner, other.url);
    await create();
    await eventually('the other endpoint has the event', () => other.received.length === 1);
    expect(receiver.received).toHaveLength(1);
    const { deliveries } = await readEndpoint(partner, uuid);
    expect(deliveries.map(({ status }) => status)).toEqual(['CANCELED']);
  });
});

describe('`webhook redeliver`', () => {
  test('sends one delivery of any status again', async () => {
    const partner = gateway.nextPartner();
    const receiver = await newReceiver();
    const { uuid } = await createEndpoint(partner, receiver.url);
    await partner.send(CREATE_CUSTOMER, { input: { customer: 'Acme', email: newEmail() } });
    await eventually('it is delivered', async () => {
      const { deliveries } = await readEndpoint(partner, uuid);
      return deliveries[0]?.status === 'SUCCEEDED';
    });
    const { deliveries } = await readEndpoint(partner, uuid);
    const deliveryId = deliveries[0]?.uuid ?? '';
    expect(await admin.ask('webhook', 'redeliver', deliveryId)).toEqual({ deliveryId, status: 'PENDING' });
    await eventually('it is delivered again', () => receiver.received.length === 2);
    const [first, second] = receiver.received;
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
  });

  test('sends the failed and canceled deliveries of an endpoint again, since a time', async () => {
    const partner = gateway.nextPartner();
    const receiver = await newReceiver();
    const { uuid } = await createEndpoint(partner, receiver.url);
    await storeDeliveries(gateway, uuid, { status: 'FAILED', at: '2026-01-01T00:00:00Z' });
    await storeDeliveries(gateway, uuid, { status: 'CANCELED', at: '2026-01-02T00:00:00Z' });
    await storeDeliveries(gateway, uuid, { status: 'FAILED', at: '2026-01-03T00:00:00Z' });
    await storeDeliveries(gateway, uuid, { status: 'SUCCEEDED', at: '2026-01-03T00:00:00Z' });
    const command = ['webhook', 'redeliver', '--endpoint', uuid];
    const since = [...command, '--since', '2026-01-02T01:00:00+01:00'];
    expect(await admin.ask(...since)).toEqual({ endpointId: uuid, deliveries: 2 });
    await eventually('two are delivered', () => receiver.received.length === 2);
    expect(await admin.ask(...since)).toEqual({ endpointId: uuid, deliveries: 0 });
    expect((await admin.run(...command)).stdout).toBe('Deliveries that will be sent again: 1.\n');
    await eventually('the oldest is delivered', () => receiver.received.length === 3);
  });

  test('goes through more deliveries than one statement looks at', async () => {
    const partner = idle.nextPartner();
    const { uuid } = await createEndpoint(partner, 'http://127.0.0.1:9/');
    await pause(partner, uuid, true);
    await storeDeliveries(idle, uuid, { status: 'FAILED', at: '2026-01-01T00:00:00Z', count: 3 });
    await storeDeliveries(idle, uuid, { status: 'SUCCEEDED', at: '2026-01-02T00:00:00Z', count: 5_000 });
    await storeDeliveries(idle, uuid, { status: 'CANCELED', at: '2026-01-03T00:00:00Z', count: 2 });
    const { stdout } = await operatorOf(idle).run('webhook', 'redeliver', '--endpoint', uuid);
    expect(stdout).toBe(
      'Deliveries that will be sent again: 5. The endpoint is paused; they are sent when its client resumes it.\n',
    );
    expect(await statusesOf(uuid)).toEqual({ PENDING: 5, SUCCEEDED: 5_000 });
  });

  test('sends nothing to a disabled endpoint', async () => {
    const own = operatorOf(idle);
    const { uuid } = await createEndpoint(idle.nextPartner(), 'http://127.0.0.1:9/');
    const [delivery = ''] = await storeDeliveries(idle, uuid, {
      status: 'FAILED',
      at: '2026-01-01T00:00:00Z',
    });
    await own.ask('webhook', 'disable', uuid);
    for (const which of [[delivery], ['--endpoint', uuid]]) {
      const { code, stdout, stderr } = await own.run('webhook', 'redeliver', ...which);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toContain('is disabled. Its client can enable it with `updateWebhookEndpoint`');
    }
    expect(await statusesOf(uuid)).toEqual({ FAILED: 1 });
  });
});

describe('a `webhook` command that cannot be done ends with', () => {
  const id = crypto.randomUUID();

  test.each([
    [1, ['disable', id], `Endpoint ${id} does not exist.`],
    [1, ['redeliver', id], `Delivery ${id} does not exist.`],
    [1, ['redeliver', '--endpoint', id], `Endpoint ${id} does not exist.`],
    [2, ['redeliver'], 'Specify a delivery ID or --endpoint.'],
    [2, ['redeliver', id, '--endpoint', id], 'Specify a delivery ID or --endpoint.'],
    [2, ['redeliver', id, '--since', '2026-01-01T00:00:00Z'], '--since requires --endpoint.'],
    [2, ['redeliver', '--endpoint', id, '--since', 'yesterday'], 'ISO 8601'],
    [2, ['redeliver', '--endpoint', id, '--since', '1960-01-01T00:00:00Z'], 'before 1970'],
    [2, ['list', '--status', 'broken'], 'enabled, paused, disabled'],
    [2, ['disable', '1'], 'The value must be a UUID'],
  ])('%i: %j', async (expected, command, message) => {
    const { code, stdout, stderr } = await admin.run('webhook', ...command);
    expect([code, stdout]).toEqual([expected, '']);
    expect(stderr).toContain(message);
  });

  test('1 for an endpoint that its client has deleted', async () => {
    const partner = idle.nextPartner();
    const { uuid } = await createEndpoint(partner, 'http://127.0.0.1:9/');
    await partner.send('mutation ($uuid: UUID!) { deleteWebhookEndpoint(uuid: $uuid) { __typename } }', {
      uuid,
    });
    const { code, stderr } = await operatorOf(idle).run('webhook', 'disable', uuid);
    expect([code, stderr]).toEqual([1, `Endpoint ${uuid} does not exist.\n`]);
    expect(await operatorOf(idle).ask('webhook', 'list', '--team', partner.teamId)).toEqual([]);
  });
});
