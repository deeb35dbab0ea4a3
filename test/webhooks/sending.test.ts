import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { revokeClient, revokeToken } from '../../src/auth/revoke-credentials.js';
import { DeliveryStore } from '../../src/webhooks/send/delivery-store.js';
import { query } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { startDeliveringGateway, type TestGateway } from '../support/gateway.js';
import { CREATE_CUSTOMERS } from '../support/operations.js';
import { type Partner } from '../support/partner.js';
import { sharedResources } from '../support/resources.js';
import { newEmail } from '../support/signed-client.js';
import {
  createEndpoint,
  DELETE_ENDPOINT,
  type Delivery,
  readEndpoint,
  UPDATE_ENDPOINT,
} from '../support/webhook-operations.js';
import {
  type Respond,
  respondWith,
  startWebhookReceiver,
  type WebhookReceiver,
} from '../support/webhook-receiver.js';

const SECOND_MS = 1_000;

let gateway: TestGateway;

const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(await startDeliveringGateway(20), (it) => it.close());
});

async function newReceiver(respond?: Respond): Promise<WebhookReceiver> {
  return resources.adopt(await startWebhookReceiver(respond), (it) => it.close());
}

async function createCustomers(partner: Partner, count: number): Promise<void> {
  const inputs = Array.from({ length: count }, () => ({ customer: 'Acme Ltd', email: newEmail() }));
  const { json } = await partner.send(CREATE_CUSTOMERS, { inputs });
  expect(json.data.createCustomers.successCount).toBe(count);
}

/** Waits for the state of an endpoint with its deliveries. */
async function endpointWith(
  partner: Partner,
  uuid: string,
  isSo: (endpoint: Awaited<ReturnType<typeof readEndpoint>>) => boolean,
): Promise<Awaited<ReturnType<typeof readEndpoint>>> {
  let endpoint = await readEndpoint(partner, uuid);
  await eventually('state of the endpoint', async () => {
    endpoint = await readEndpoint(partner, uuid);
    return isSo(endpoint);
  });
  return endpoint;
}

/** An endpoint whose only delivery has failed once, and its run has ended. */
async function failedDelivery(): Promise<{ partner: Partner; uuid: string; receiver: WebhookReceiver }> {
  const partner = gateway.nextPartner();
  const receiver = await newReceiver(respondWith(500));
  const { uuid } = await createEndpoint(partner, receiver.url);
  await createCustomers(partner, 1);
  await endpointWith(
    partner,
    uuid,
    (it) => it.failingSince !== null && it.deliveries[0]?.attempts.length === 1,
  );
  return { partner, uuid, receiver };
}

const hasStatus = (status: string) => (delivery: Delivery) => delivery.status === status;

// These tests mostly wait for pauses between attempts, each with an endpoint of its own.
describe.concurrent('an attempt that fails', () => {
  test('is repeated with the same ID and a signature of its own time, until the endpoint responds with 2xx', async () => {
    const partner = gateway.nextPartner();
    const receiver = await newReceiver(respondWith(500));
    const { uuid, secret } = await createEndpoint(partner, receiver.url);
    await createCustomers(partner, 1);
    const failed = await endpointWith(
      partner,
      uuid,
      (it) => it.failingSince !== null && it.deliveries[0]?.attempts.length === 1,
    );
    expect(failed.deliveries[0]).toMatchObject({
      status: 'PENDING',
      attempts: [{ responseStatus: 500, error: null }],
    });
    const pause = Date.parse(failed.deliveries[0]?.nextAttemptAt ?? '') - Date.now();
    expect(pause).toBeGreaterThan(0);
    expect(pause).toBeLessThan(7 * SECOND_MS);
    receiver.respond = respondWith(200);
    const succeeded = await endpointWith(
      partner,
      uuid,
      (it) => it.failingSince === null && it.deliveries.every(hasStatus('SUCCEEDED')),
    );
    expect(succeeded.deliveries[0]?.attempts.map(({ responseStatus }) => responseStatus)).toEqual([500, 200]);
    const [first, second] = receiver.received;
    if (!first || !second) throw new Error('There were not two attempts');
    expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
    expect(second.body).toBe(first.body);
    expect(Number(second.headers['webhook-timestamp'])).toBeGreaterThan(
      Number(first.headers['webhook-timestamp']),
    );
    receiver.verify(second, secret);
  });

  test('is not repeated after three days', async () => {
    const { partner, uuid } = await failedDelivery();
    await query(
      gateway.databaseUrl,
      `update webhook_delivery set started_at = started_at - interval '3 days' where endpoint_id = $1`,
      [uuid],
    );
    const { deliveries } = await endpointWith(partner, uuid, (it) =>
      it.deliveries.every(hasStatus('FAILED')),
    );
    expect(deliveries).toMatchObject([{ nextAttemptAt: null, attempts: [{}, {}] }]);
  });

  test('keeps the latest 30 attempts', async () => {
    const { partner, uuid } = await failedDelivery();
    await query(
      gateway.databaseUrl,
      `update webhook_delivery set attempts = (select jsonb_agg(attempts->0 || jsonb_build_object('status', n))
         from generate_series(201, 230) as n) where endpoint_id = $1`,
      [uuid],
    );
    const statuses = ({ attempts }: Delivery) => attempts.map(({ responseStatus }) => responseStatus);
    const { deliveries } = await endpointWith(partner, uuid, (it) =>
      it.deliveries.some((delivery) => statuses(delivery).at(-1) === 500),
    );
    expect(deliveries.map(statuses)).toEqual([
      [...Array.from({ length: 29 }, (_, index) => 202 + index), 500],
    ]);
  });
});

describe.concurrent('an endpoint is disabled', () => {
  test('when it responds with 410, and its other deliveries are canceled', async () => {
    const partner = gateway.nextPartner();
    const receiver = await newReceiver(respondWith(410));
    const { uuid } = await createEndpoint(partner, receiver.url);
    await createCustomers(partner, 50);
    const { status, disabledReason, deliveries } = await endpointWith(
      partner,
      uuid,
      (it) => it.status === 'DISABLED' && !it.deliveries.some(hasStatus('PENDING')),
    );
    expect({ status, disabledReason }).toEqual({ status: 'DISABLED', disabledReason: 'GONE' });
    expect(deliveries).toHaveLength(50);
    expect(deliveries.every(hasStatus('CANCELED'))).toBe(true);
    expect(receiver.received.length).toBeLessThanOrEqual(10);
    await createCustomers(partner, 1);
    await sleep(SECOND_MS);
    expect((await readEndpoint(partner, uuid)).deliveries).toHaveLength(50);
  });

  test('when every attempt failed for three days, and it can be enabled again', async () => {
    const partner = gateway.nextPartner();
    const receiver = await newReceiver(respondWith(503));
    const { uuid } = await createEndpoint(partner, receiver.url);
    await createCustomers(partner, 1);
    await endpointWith(partner, uuid, (it) => it.failingSince !== null);
    await query(
      gateway.databaseUrl,
      `update webhook_endpoint set failing_since = now() - interval '3 days' where id = $1`,
      [uuid],
    );
    const disabled = await endpointWith(partner, uuid, (it) => it.status === 'DISABLED');
    expect(disabled.disabledReason).toBe('FAILING');
    receiver.respond = respondWith(204);
    await partner.send(UPDATE_ENDPOINT, { uuid, input: { paused: false } });
    await createCustomers(partner, 1);
    const enabled = await endpointWith(partner, uuid, (it) => it.deliveries.some(hasStatus('SUCCEEDED')));
    expect(enabled).toMatchObject({ status: 'ENABLED', disabledReason: null, failingSince: null });
  });

  test('and enabled again before its deliveries are canceled: then they are sent', async () => {
    const partner = gateway.nextPartner();
    const receiver = await newReceiver();
    const { uuid } = await createEndpoint(partner, receiver.url);
    await partner.send(UPDATE_ENDPOINT, { uuid, input: { paused: true } });
    await createCustomers(partner, 1);
    await endpointWith(partner, uuid, (it) => it.deliveries.length === 1);
    const pool = await gateway.orm.em.getConnection().getNativeClient();
    await new DeliveryStore(gateway.orm, pool).cancel(uuid);
    expect((await readEndpoint(partner, uuid)).deliveries).toMatchObject([{ status: 'PENDING' }]);
    await partner.send(UPDATE_ENDPOINT, { uuid, input: { paused: false } });
    await eventually('its delivery is received', () => receiver.received.length === 1);
  });

  test('when its client is revoked', async () => {
    const { partner, uuid, receiver } = await failedDelivery();
    await revokeClient(gateway.orm, partner.credentials.clientId);
    await eventually('the endpoint is disabled', async () => {
      const rows = await query(
        gateway.databaseUrl,
        `select from webhook_endpoint where id = $1 and disabled_reason = 'ACCESS_ENDED'`,
        [uuid],
      );
      return rows.length === 1;
    });
    await eventually('its deliveries are canceled', async () => {
      const pending = `select from webhook_delivery where endpoint_id = $1 and status = 'PENDING'`;
      return (await query(gateway.databaseUrl, pending, [uuid])).length === 0;
    });
    expect(receiver.received.length).toBeLessThanOrEqual(3);
  });

  test('when the token that set it up is revoked, even if the client has another one', async () => {
    const { partner, uuid } = await failedDelivery();
    const other = await gateway.anotherToken(partner);
    await revokeToken(gateway.orm, { token: partner.credentials.token });
    const { disabledReason } = await endpointWith(other, uuid, (it) => it.status === 'DISABLED');
    expect(disabledReason).toBe('ACCESS_ENDED');
  });

  test('when the client has no valid token for the team any more', async () => {
    const partner = gateway.nextPartner();
    const receiver = await newReceiver();
    const { uuid } = await createEndpoint(partner, receiver.url);
    await query(gateway.databaseUrl, 'update access_token set expires_at = now() where client_id = $1', [
      partner.credentials.clientId,
    ]);
    const other = await gateway.anotherToken(partner);
    await createCustomers(other, 1);
    await endpointWith(other, uuid, (it) => it.deliveries.some(hasStatus('SUCCEEDED')));
    await query(gateway.databaseUrl, 'update access_token set expires_at = now() where client_id = $1', [
      partner.credentials.clientId,
    ]);
    // The gateway still has the token in its cache, so a customer is created once more.
    await createCustomers(other, 1);
    await eventually('the endpoint is disabled', async () => {
      const rows = await query(
        gateway.databaseUrl,
        `select from webhook_endpoint where id = $1 and disabled_reason = 'ACCESS_ENDED'`,
        [uuid],
      );
      return rows.length === 1;
    });
    expect(receiver.received).toHaveLength(1);
  });
});

describe('deliveries end within 10 seconds', () => {
  test('when the endpoint is deleted while attempts are in progress', async () => {
    const partner = gateway.nextPartner();
    const receiver = await newReceiver(async (_delivery, response) => {
      await sleep(SECOND_MS);
      response.writeHead(204).end();
    });
    const { uuid } = await createEndpoint(partner, receiver.url);
    await createCustomers(partner, 100);
    await createCustomers(partner, 100);
    await eventually('first attempts', () => receiver.received.length >= 10);
    await partner.send(DELETE_ENDPOINT, { uuid });
    await sleep(8 * SECOND_MS);
    const { length } = receiver.received;
    expect(length).toBeLessThan(100);
    await sleep(3 * SECOND_MS);
    expect(receiver.received).toHaveLength(length);
  });
});

describe('a slow endpoint', () => {
  test('gets at most 10 attempts at once and delays no other endpoint', async () => {
    const [slowPartner, partner] = [gateway.nextPartner(), gateway.nextPartner()];
    const answer = Promise.withResolvers<void>();
    let open = 0;
    let mostOpen = 0;
    const slow = await newReceiver(async (_delivery, response) => {
      open += 1;
      mostOpen = Math.max(mostOpen, open);
      await answer.promise;
      open -= 1;
      response.writeHead(204).end();
    });
    const fast = await newReceiver();
    await createEndpoint(slowPartner, slow.url);
    await createEndpoint(partner, fast.url);
    await createCustomers(slowPartner, 100);
    await eventually('the slow endpoint is busy', () => open === 10);
    await createCustomers(partner, 100);
    await eventually('all deliveries of the fast endpoint', () => fast.received.length === 100);
    expect(slow.received).toHaveLength(10);
    answer.resolve();
    await eventually('all deliveries of the slow endpoint', () => slow.received.length === 100);
    expect(mostOpen).toBe(10);
  });

  test('that is down is tried again after growing pauses, and gets everything once it is back', async () => {
    const partner = gateway.nextPartner();
    const receiver = await newReceiver(respondWith(500));
    const { uuid } = await createEndpoint(partner, receiver.url);
    await createCustomers(partner, 100);
    await eventually('first attempts', () => receiver.received.length >= 10);
    await sleep(SECOND_MS);
    // Ten attempts in each of a few runs, not one for each delivery.
    expect(receiver.received.length).toBeLessThanOrEqual(30);
    receiver.respond = respondWith(204);
    await endpointWith(partner, uuid, ({ deliveries }) => deliveries.every(hasStatus('SUCCEEDED')));
  });
});
