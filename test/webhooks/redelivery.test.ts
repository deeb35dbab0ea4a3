import { beforeAll, describe, expect, test } from 'vitest';
import { query } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { startDeliveringGateway, type TestGateway } from '../support/gateway.js';
import { CREATE_CUSTOMER, DELETE_CUSTOMER, UNKNOWN_UUID } from '../support/operations.js';
import { sharedResources } from '../support/resources.js';
import { newEmail, type SignedClient } from '../support/signed-client.js';
import {
  createEndpoint,
  type Delivery,
  ENDPOINT_WITH_DELIVERIES,
  readEndpoint,
  REDELIVER,
  ROTATE_SECRET,
  SEND_TEST,
  UPDATE_ENDPOINT,
} from '../support/webhook-operations.js';
import {
  type Received,
  respondWith,
  startWebhookReceiver,
  type WebhookReceiver,
} from '../support/webhook-receiver.js';

let gateway: TestGateway;
const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(await startDeliveringGateway(30), (it) => it.close());
});

/** A partner with an endpoint and its receiver. */
async function start(input: Record<string, unknown> = {}) {
  const partner = gateway.nextPartner();
  const receiver = resources.adopt(await startWebhookReceiver(), (it) => it.close());
  const { uuid, secret } = await createEndpoint(partner, receiver.url, input);
  return { partner, receiver, uuid, secret };
}

async function createCustomer(partner: SignedClient): Promise<string> {
  const { json } = await partner.send(CREATE_CUSTOMER, {
    input: { customer: 'Acme Ltd', email: newEmail() },
  });
  return json.data.createCustomer.data.uuid;
}

async function update(partner: SignedClient, uuid: string, input: Record<string, unknown>) {
  return (await partner.send(UPDATE_ENDPOINT, { uuid, input })).json.data.updateWebhookEndpoint.data;
}

async function redeliver(partner: SignedClient, delivery: string | undefined) {
  return (await partner.send(REDELIVER, { uuid: delivery })).json.data.redeliver;
}

async function sendTest(partner: SignedClient, uuid: string) {
  return (await partner.send(SEND_TEST, { uuid })).json.data.sendTestEvent;
}

async function rotate(partner: SignedClient, uuid: string, overlapHours?: number): Promise<string> {
  return (await partner.send(ROTATE_SECRET, { uuid, overlapHours })).json.data.rotateWebhookSecret.secret;
}

async function nextReceived(receiver: WebhookReceiver, count: number): Promise<Received> {
  await eventually(`delivery ${count}`, () => receiver.received.length >= count);
  const delivery = receiver.received[count - 1];
  if (!delivery || receiver.received.length > count) throw new Error(`There are not ${count} deliveries`);
  return delivery;
}

/** The latest delivery once it has a status. */
async function latest(partner: SignedClient, uuid: string, status: string): Promise<Delivery> {
  let found: Delivery | undefined;
  await eventually(`the latest delivery is ${status}`, async () => {
    [found] = (await readEndpoint(partner, uuid)).deliveries;
    return found?.status === status;
  });
  if (!found) throw new Error('There is no delivery');
  return found;
}

// oxlint-disable-next-line typescript/no-explicit-any -- a response has any shape
async function page(partner: SignedClient, uuid: string, args: Record<string, unknown> = {}): Promise<any> {
  return (await partner.send(ENDPOINT_WITH_DELIVERIES, { uuid, ...args })).json;
}

const signatures = ({ headers }: Received) => String(headers['webhook-signature']).split(' ');

describe('an endpoint that is paused', () => {
  test('receives the events of the pause once it is resumed', async () => {
    const { partner, receiver, uuid, secret } = await start();
    expect((await update(partner, uuid, { paused: true })).status).toBe('PAUSED');
    const customer = await createCustomer(partner);
    await partner.send(DELETE_CUSTOMER, { uuid: customer });
    await eventually('two wait', async () => (await readEndpoint(partner, uuid)).deliveries.length === 2);
    expect((await sendTest(partner, uuid)).__typename).toBe('WebhookDeliveryQueued');
    // A worker that sent to it would have done so by now.
    const other = await createEndpoint(partner, receiver.url, { types: ['CREATED'] });
    await createCustomer(partner);
    await latest(partner, other.uuid, 'SUCCEEDED');
    const { deliveries } = await readEndpoint(partner, uuid);
    expect(deliveries.map(({ status, attempts }) => [status, attempts])).toEqual(
      Array.from({ length: 4 }, () => ['PENDING', []]),
    );

    expect((await update(partner, uuid, { paused: false })).status).toBe('ENABLED');
    await eventually('all received', () => receiver.received.length === 5);
    const sent = receiver.received.slice(1);
    for (const delivery of sent) receiver.verify(delivery, secret);
    expect(sent.map(({ event }) => event.type).toSorted()).toEqual([
      'customer.created',
      'customer.created',
      'customer.deleted',
      'webhook.test',
    ]);
  });
});

describe('an endpoint of some types', () => {
  test('receives only these, and after an update those of the update', async () => {
    const { partner, receiver, uuid } = await start({ types: ['DELETED'] });
    const customer = await createCustomer(partner);
    await partner.send(DELETE_CUSTOMER, { uuid: customer });
    expect((await nextReceived(receiver, 1)).event.type).toBe('customer.deleted');
    await update(partner, uuid, { types: ['CREATED'] });
    const next = await createCustomer(partner);
    await partner.send(DELETE_CUSTOMER, { uuid: next });
    await createCustomer(partner);
    await eventually('three received', () => receiver.received.length === 3);
    expect(receiver.received.map(({ event }) => event.type)).toEqual([
      'customer.deleted',
      'customer.created',
      'customer.created',
    ]);
  });

  test('is sent to its new URL after an update', async () => {
    const { partner, receiver, uuid } = await start();
    const next = resources.adopt(await startWebhookReceiver(), (it) => it.close());
    await update(partner, uuid, { url: next.url });
    await createCustomer(partner);
    await nextReceived(next, 1);
    expect(receiver.received).toEqual([]);
  });
});

describe('a rotated secret', () => {
  test('signs beside the previous one, until that expires', async () => {
    const { partner, receiver, uuid, secret } = await start();
    const next = await rotate(partner, uuid);
    await createCustomer(partner);
    const during = await nextReceived(receiver, 1);
    expect(signatures(during)).toHaveLength(2);
    receiver.verify(during, secret);
    receiver.verify(during, next);

    await query(
      gateway.databaseUrl,
      `update webhook_secret set expires_at = now() where endpoint_id = $1 and expires_at is not null`,
      [uuid],
    );
    await createCustomer(partner);
    const after = await nextReceived(receiver, 2);
    expect(signatures(after)).toHaveLength(1);
    receiver.verify(after, next);
    expect(() => receiver.verify(after, secret)).toThrow('No matching signature found');
  });

  test('expires after 24 hours by default, and after 168 at most', async () => {
    const { partner, uuid } = await start();
    const hours = async () => {
      const rows = await query(
        gateway.databaseUrl,
        `select round(extract(epoch from expires_at - now()) / 60)::int as minutes from webhook_secret
         where endpoint_id = $1 and expires_at is not null`,
        [uuid],
      );
      return rows.map(({ minutes }) => Math.round(Number(minutes) / 60));
    };
    await rotate(partner, uuid);
    expect(await hours()).toEqual([24]);
    // The secret before the previous one has ended.
    await rotate(partner, uuid, 168);
    expect(await hours()).toEqual([168]);
  });

  test('is the only one with an overlap of 0', async () => {
    const { partner, receiver, uuid, secret } = await start();
    const second = await rotate(partner, uuid);
    const third = await rotate(partner, uuid, 0);
    await createCustomer(partner);
    const delivery = await nextReceived(receiver, 1);
    expect(signatures(delivery)).toHaveLength(1);
    receiver.verify(delivery, third);
    for (const previous of [secret, second])
      expect(() => receiver.verify(delivery, previous)).toThrow('No matching signature');
  });
});

describe('sendTestEvent', () => {
  test('delivers an event without a customer, whose webhook-id is the ID of the delivery', async () => {
    const { partner, receiver, uuid, secret } = await start({ types: ['DELETED'] });
    const queued = await sendTest(partner, uuid);
    expect(queued).toEqual({
      __typename: 'WebhookDeliveryQueued',
      status: 'success',
      message: 'Delivery queued.',
      data: {
        uuid: expect.any(String),
        eventId: null,
        eventType: null,
        status: 'PENDING',
        nextAttemptAt: expect.any(String),
        attempts: [],
      },
    });
    const delivery = await nextReceived(receiver, 1);
    receiver.verify(delivery, secret);
    expect(delivery.headers['webhook-id']).toBe(queued.data.uuid);
    expect(delivery.event).toEqual({
      id: queued.data.uuid,
      type: 'webhook.test',
      occurredAt: expect.any(String),
      teamId: partner.teamId,
      version: null,
      data: null,
      previousData: null,
    });
    expect(await latest(partner, uuid, 'SUCCEEDED')).toMatchObject({
      uuid: queued.data.uuid,
      eventId: null,
      eventType: null,
      attempts: [{ responseStatus: 204 }],
    });
  });

  test('can be sent again', async () => {
    const { partner, receiver, uuid } = await start();
    const { data } = await sendTest(partner, uuid);
    await latest(partner, uuid, 'SUCCEEDED');
    await redeliver(partner, data.uuid);
    expect((await nextReceived(receiver, 2)).body).toBe(receiver.received[0]?.body);
  });
});

describe('redeliver', () => {
  test('sends the event of a delivery that succeeded once more, with the same webhook-id', async () => {
    const { partner, receiver, uuid, secret } = await start();
    await createCustomer(partner);
    const before = await latest(partner, uuid, 'SUCCEEDED');
    const queued = await redeliver(partner, before.uuid);
    expect(queued).toEqual({
      __typename: 'WebhookDeliveryQueued',
      status: 'success',
      message: 'Delivery queued.',
      data: {
        uuid: before.uuid,
        eventId: before.eventId,
        eventType: 'CREATED',
        status: 'PENDING',
        nextAttemptAt: expect.any(String),
      },
    });
    const again = await nextReceived(receiver, 2);
    receiver.verify(again, secret);
    expect(again.headers['webhook-id']).toBe(before.eventId);
    expect(again.body).toBe(receiver.received[0]?.body);
    const after = await latest(partner, uuid, 'SUCCEEDED');
    expect(after).toMatchObject({ uuid: before.uuid, nextAttemptAt: null });
    expect(after.attempts).toEqual([before.attempts[0], expect.objectContaining({ responseStatus: 204 })]);
    expect((await readEndpoint(partner, uuid)).deliveries).toHaveLength(1);
  });

  test('sends the event of a delivery that failed for 3 days, and starts its retries again', async () => {
    const { partner, receiver, uuid } = await start();
    await update(partner, uuid, { paused: true });
    await createCustomer(partner);
    await latest(partner, uuid, 'PENDING');
    await query(
      gateway.databaseUrl,
      `update webhook_delivery set started_at = now() - interval '3 days' where endpoint_id = $1`,
      [uuid],
    );
    receiver.respond = respondWith(500);
    await update(partner, uuid, { paused: false });
    const failed = await latest(partner, uuid, 'FAILED');
    expect(failed).toMatchObject({ nextAttemptAt: null, attempts: [{ responseStatus: 500 }] });

    await redeliver(partner, failed.uuid);
    await nextReceived(receiver, 2);
    await eventually('the second attempt', async () => {
      const [delivery] = (await readEndpoint(partner, uuid)).deliveries;
      return delivery?.attempts.length === 2;
    });
    const retried = await latest(partner, uuid, 'PENDING');
    expect(retried.nextAttemptAt).not.toBeNull();

    receiver.respond = respondWith(200);
    await redeliver(partner, failed.uuid);
    const succeeded = await latest(partner, uuid, 'SUCCEEDED');
    expect(succeeded.attempts.map(({ responseStatus }) => responseStatus)).toEqual([500, 500, 200]);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id']))).toEqual(
      new Set([failed.eventId]),
    );
  });

  test('of an event that has been removed fails, and is not retried', async () => {
    const { partner, receiver, uuid } = await start();
    await createCustomer(partner);
    const { uuid: delivery, eventId } = await latest(partner, uuid, 'SUCCEEDED');
    await query(gateway.databaseUrl, 'delete from customer_event where id = $1', [eventId]);
    await redeliver(partner, delivery);
    expect(await latest(partner, uuid, 'FAILED')).toMatchObject({
      eventType: null,
      nextAttemptAt: null,
      attempts: [
        { responseStatus: 204 },
        { responseStatus: null, durationMs: 0, error: 'the event is no longer kept' },
      ],
    });
    expect(receiver.received).toHaveLength(1);
  });

  test('of an unknown delivery is NotFound', async () => {
    expect(await redeliver(gateway.nextPartner(), UNKNOWN_UUID)).toEqual({
      __typename: 'NotFound',
      status: 'error',
      code: 'WEBHOOK_DELIVERY_NOT_FOUND',
      message: 'The client has no delivery with this ID for the team.',
      details: { uuid: UNKNOWN_UUID },
    });
  });
});

describe('a disabled endpoint', () => {
  test('is sent nothing until it is enabled again', async () => {
    const { partner, receiver, uuid } = await start();
    receiver.respond = respondWith(410);
    const { data } = await sendTest(partner, uuid);
    await latest(partner, uuid, 'CANCELED');
    expect((await readEndpoint(partner, uuid)).status).toBe('DISABLED');
    const conflict = {
      __typename: 'Conflict',
      status: 'error',
      code: 'ENDPOINT_DISABLED',
      message:
        'The webhook endpoint is disabled. Enable it first: use `updateWebhookEndpoint` with `paused: false`.',
    };
    expect(await sendTest(partner, uuid)).toEqual({ ...conflict, details: { field: 'uuid' } });
    expect(await redeliver(partner, data.uuid)).toEqual({ ...conflict, details: { field: 'deliveryUuid' } });
    await createCustomer(partner);

    receiver.respond = respondWith(204);
    expect(await update(partner, uuid, { description: 'x' })).toMatchObject({
      status: 'DISABLED',
      disabledReason: 'GONE',
    });
    expect(await update(partner, uuid, { paused: false })).toMatchObject({
      status: 'ENABLED',
      disabledReason: null,
      failingSince: null,
    });
    await redeliver(partner, data.uuid);
    await latest(partner, uuid, 'SUCCEEDED');
    expect(receiver.received.map(({ event }) => event.type)).toEqual(['webhook.test', 'webhook.test']);
    expect((await readEndpoint(partner, uuid)).deliveries).toHaveLength(1);
  });
});

describe('deliveries', () => {
  test('are read in pages, latest first, of every status or of one', async () => {
    const { partner, uuid } = await start();
    await update(partner, uuid, { paused: true });
    const queued: string[] = [];
    for (let count = 0; count < 7; count += 1) queued.push((await sendTest(partner, uuid)).data.uuid);
    await query(gateway.databaseUrl, `update webhook_delivery set status = 'FAILED' where id = any ($1)`, [
      queued.filter((_id, index) => index % 2 === 0),
    ]);
    const expected = queued.toReversed();
    const read: string[] = [];
    let after: string | null = null;
    for (let count = 0; count < 3; count += 1) {
      const answer = await page(partner, uuid, { first: 3, after });
      const { deliveries } = answer.data.webhookEndpoint;
      expect(deliveries.edges.map(({ node }: { node: unknown }) => node)).toEqual(
        deliveries.nodes.map((node: Delivery) => ({ uuid: node.uuid })),
      );
      read.push(...deliveries.nodes.map((node: Delivery) => node.uuid));
      expect(deliveries.pageInfo).toEqual({
        hasNextPage: count < 2,
        hasPreviousPage: count > 0,
        startCursor: deliveries.edges.at(0).cursor,
        endCursor: deliveries.edges.at(-1).cursor,
      });
      after = deliveries.pageInfo.endCursor;
    }
    expect(read).toEqual(expected);
    for (const [status, count] of [
      ['FAILED', 4],
      ['PENDING', 3],
      ['SUCCEEDED', 0],
    ]) {
      const { deliveries } = (await page(partner, uuid, { status })).data.webhookEndpoint;
      expect(deliveries.nodes.map((node: Delivery) => node.status)).toEqual(
        Array.from({ length: Number(count) }, () => status),
      );
    }
  });

  test.each([
    [{ first: 0 }, 'first', 'OUT_OF_RANGE', 'must be between 1 and 100'],
    [{ first: 101 }, 'first', 'OUT_OF_RANGE', 'must be between 1 and 100'],
    [{ after: 'no cursor' }, 'after', 'INVALID_CURSOR', 'must be a cursor returned by this list'],
  ])('cannot be read with %o', async (args, path, code, message) => {
    const { partner, uuid } = await start();
    const { errors, data } = await page(partner, uuid, args);
    expect(data).toEqual({ webhookEndpoint: null });
    expect(errors).toMatchObject([
      { path: ['webhookEndpoint', 'deliveries'], extensions: { code: 'BAD_USER_INPUT' } },
    ]);
    expect(errors[0].extensions.errors).toEqual([{ path, code, message }]);
  });

  test('keep their latest 30 attempts', async () => {
    const { partner, uuid } = await start();
    const { data } = await sendTest(partner, uuid);
    await latest(partner, uuid, 'SUCCEEDED');
    await query(
      gateway.databaseUrl,
      `update webhook_delivery set attempts = (select jsonb_agg(attempts -> 0 || jsonb_build_object('status', 100 + i))
         from generate_series(0, 29) as i) where id = $1`,
      [data.uuid],
    );
    await redeliver(partner, data.uuid);
    const { attempts } = await latest(partner, uuid, 'SUCCEEDED');
    expect(attempts.map(({ responseStatus }) => responseStatus)).toEqual([
      ...Array.from({ length: 29 }, (_, index) => 101 + index),
      204,
    ]);
  });
});
