import { beforeAll, describe, expect, test } from 'vitest';
import { query } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { startDeliveringGateway, type TestGateway } from '../support/gateway.js';
import {
  CREATE_CUSTOMER,
  DELETE_CUSTOMER,
  readCustomer,
  RESTORE_CUSTOMER,
  UPDATE_CUSTOMER,
} from '../support/operations.js';
import { sharedResources } from '../support/resources.js';
import { newEmail, type SignedClient } from '../support/signed-client.js';
import { createEndpoint, readEndpoint, UPDATE_ENDPOINT } from '../support/webhook-operations.js';
import { type Received, startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.js';

let gateway: TestGateway;

const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(await startDeliveringGateway(20), (it) => it.close());
});

async function newReceiver(): Promise<WebhookReceiver> {
  return resources.adopt(await startWebhookReceiver(), (it) => it.close());
}

async function createCustomer(partner: SignedClient, input: Record<string, unknown> = {}): Promise<string> {
  const { json } = await partner.send(CREATE_CUSTOMER, {
    input: { customer: 'Acme Ltd', email: newEmail(), ...input },
  });
  return json.data.createCustomer.data.uuid;
}

async function receivedOf(receiver: WebhookReceiver, count: number): Promise<Received[]> {
  await eventually(`${count} deliveries`, () => receiver.received.length >= count);
  return [...receiver.received];
}

describe('a delivery', () => {
  test('has the customer as the API returns it, signed for the secret of the endpoint', async () => {
    const partner = gateway.nextPartner();
    const receiver = await newReceiver();
    const { secret } = await createEndpoint(partner, receiver.url);
    const uuid = await createCustomer(partner, {
      mainPhone: '+1 555 0100',
      billingAddress: { city: 'Oslo' },
      contacts: [{ firstName: 'Ada', isPrimary: true }],
      metadata: [{ key: 'source', value: 'shop' }],
    });
    const [delivery] = await receivedOf(receiver, 1);
    if (!delivery) throw new Error('Nothing was received');
    receiver.verify(delivery, secret);
    expect(delivery.headers['content-type']).toBe('application/json');
    expect(delivery.headers['webhook-id']).toBe(delivery.event.id);
    expect(delivery.event).toEqual({
      id: expect.any(String),
      type: 'customer.created',
      occurredAt: expect.any(String),
      teamId: partner.teamId,
      version: 1,
      data: await readCustomer(partner, uuid),
      previousData: null,
    });
  });

  test('of an update has the changed fields as they were', async () => {
    const partner = gateway.nextPartner();
    const receiver = await newReceiver();
    const uuid = await createCustomer(partner, {
      billingAddress: { city: 'Oslo', country: 'Norway' },
      contacts: [{ firstName: 'Ada' }],
      metadata: [{ key: 'a', value: '1' }],
    });
    await createEndpoint(partner, receiver.url);
    const before = await readCustomer(partner, uuid);
    const input = {
      customer: 'Acme AS',
      billingAddress: { city: 'Bergen' },
      metadata: [{ key: 'b', value: '2' }],
      contacts: { add: [{ firstName: 'Bob' }] },
    };
    await partner.send(UPDATE_CUSTOMER, { uuid, input });
    const [delivery] = await receivedOf(receiver, 1);
    expect(delivery?.event.type).toBe('customer.updated');
    expect(delivery?.event.data).toEqual(await readCustomer(partner, uuid));
    expect(delivery?.event.previousData).toEqual({
      customer: 'Acme Ltd',
      billingAddress: { city: 'Oslo' },
      metadata: before.metadata,
      contacts: before.contacts,
    });
  });

  test('is sent for deletions and restorations, and is listed with its attempt', async () => {
    const partner = gateway.nextPartner();
    const receiver = await newReceiver();
    const { uuid } = await createEndpoint(partner, receiver.url);
    const customer = await createCustomer(partner);
    await partner.send(DELETE_CUSTOMER, { uuid: customer });
    await partner.send(RESTORE_CUSTOMER, { uuid: customer });
    const received = await receivedOf(receiver, 3);
    expect(new Set(received.map(({ event }) => event.type))).toEqual(
      new Set(['customer.created', 'customer.deleted', 'customer.restored']),
    );
    await eventually('all recorded', async () =>
      (await readEndpoint(partner, uuid)).deliveries.every(({ status }) => status === 'SUCCEEDED'),
    );
    const { deliveries } = await readEndpoint(partner, uuid);
    expect(new Set(deliveries.map(({ eventType }) => eventType))).toEqual(
      new Set(['CREATED', 'DELETED', 'RESTORED']),
    );
    expect(deliveries[0]).toMatchObject({
      status: 'SUCCEEDED',
      nextAttemptAt: null,
      attempts: [{ responseStatus: 204, error: null }],
    });
  });

  test('is created for each event of a statement that stores thousands of them', async () => {
    const partner = gateway.nextPartner();
    const { uuid } = await createEndpoint(partner, 'http://127.0.0.1:9/');
    await partner.send(UPDATE_ENDPOINT, { uuid, input: { paused: true } });
    const customer = await createCustomer(partner);
    await query(
      gateway.databaseUrl,
      `insert into customer_event (team_id, customer_id, type, version, transaction, customer, request_id)
       select team_id, customer_id, type, version, transaction, customer, request_id
       from customer_event, generate_series(1, 2500) where customer_id = $1`,
      [customer],
    );
    await eventually('a delivery for each event', async () => {
      const rows = await query(
        gateway.databaseUrl,
        `select from webhook_delivery where endpoint_id = $1 and status = 'PENDING'`,
        [uuid],
      );
      return rows.length === 2_501;
    });
    expect((await readEndpoint(partner, uuid)).status).toBe('PAUSED');
  });
});
