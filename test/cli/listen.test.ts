import { readFile } from 'node:fs/promises';
import { buildSchema, getNamedType, isObjectType } from 'graphql';
import { Webhook } from 'standardwebhooks';
import { beforeAll, describe, expect, test } from 'vitest';
import { createCustomer, fullCustomer } from '../support/customers.js';
import { eventually } from '../support/eventually.js';
import { firstEventInFeed } from '../support/feed.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { type ListenCommands, prepareListenCommands } from '../support/listen-command.js';
import { DELETE_CUSTOMER, readCustomer, RESTORE_CUSTOMER, UPDATE_CUSTOMER } from '../support/operations.js';
import { sharedResources } from '../support/resources.js';
import { type ReceivedWebhook, textHeaders } from '../support/verifying-receiver.js';

let gateway: TestGateway;
let listen: ListenCommands;
const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(await startTestGateway({}, 5), (it) => it.close());
  listen = resources.adopt(await prepareListenCommands(), (it) => it.close());
});

const typesOf = (webhooks: readonly ReceivedWebhook[]) => webhooks.map(({ body }) => body.type);

describe('`listen` posts', () => {
  test('each change once, in order, verified by `standardwebhooks`', async () => {
    const partner = gateway.nextPartner();
    const before = await createCustomer(partner);
    await firstEventInFeed(partner);
    const command = await listen.startReady(partner);
    const { uuid } = await createCustomer(partner, { notes: 'Old' });
    const input = { notes: 'New', metadata: [{ key: 'a', value: '1' }] };
    await partner.send(UPDATE_CUSTOMER, { uuid, input });
    await partner.send(DELETE_CUSTOMER, { uuid });
    await partner.send(RESTORE_CUSTOMER, { uuid });

    const webhooks = await listen.webhooksOf(uuid, 4);
    expect(typesOf(webhooks)).toEqual([
      'customer.created',
      'customer.updated',
      'customer.deleted',
      'customer.restored',
    ]);
    expect(webhooks[1]).toMatchObject({
      path: '/webhooks?from=test',
      headers: { 'content-type': 'application/json', 'webhook-id': webhooks[1]?.body.id },
      body: {
        version: 2,
        teamId: null,
        data: { uuid, notes: 'New', metadata: [{ key: 'a', value: '1' }] },
        previousData: { notes: 'Old', metadata: [] },
      },
    });
    expect(listen.receiver.received.filter(({ body }) => body?.data.uuid === before.uuid)).toEqual([]);

    await eventually('all are printed', () => command.written().stdout.includes('restored'));
    const { code, stdout, stderr } = await command.stop();
    expect([code, stderr]).toEqual([0, '']);
    const [ready, ...lines] = stdout.trimEnd().split('\n');
    expect(ready).toBe('Ready. Signing secret: CUSTOMER_GATEWAY_WEBHOOK_SECRET');
    expect(lines).toEqual(
      webhooks.map(({ body: { type, id } }) =>
        expect.stringMatching(new RegExp(`^\\d{4}-\\S+Z ${type} ${id} → 204 \\(\\d+ ms\\)$`)),
      ),
    );
  });

  test('customers with every field of the API', async () => {
    const partner = gateway.nextPartner();
    await listen.startReady(partner, ['--team', partner.teamId]);
    const { uuid } = await createCustomer(partner, fullCustomer());
    const [webhook] = await listen.webhooksOf(uuid, 1);
    expect(webhook?.body.teamId).toBe(partner.teamId);
    expect(webhook?.body.data).toEqual(await readCustomer(partner, uuid));

    const schema = buildSchema(await readFile('schema.graphql', 'utf8'));
    const expectFields = (value: unknown, name: string) => {
      const type = schema.getType(name);
      if (!isObjectType(type) || !(value instanceof Object)) throw new Error(`${name} is no object`);
      const fields = Object.values(type.getFields()).filter(({ args }) => args.length === 0);
      expect(Object.keys(value).toSorted()).toEqual(fields.map((field) => field.name).toSorted());
      for (const field of fields) {
        const child = getNamedType(field.type);
        const [part] = [Reflect.get(value, field.name)].flat();
        if (isObjectType(child)) expectFields(part, child.name);
      }
    };
    expectFields(webhook?.body.data, 'CustomerSnapshot');
  });

  test('only changes of the types that are given', async () => {
    const partner = gateway.nextPartner();
    await listen.startReady(partner, ['--types', 'deleted,UPDATED']);
    const { uuid } = await createCustomer(partner);
    await partner.send(UPDATE_CUSTOMER, { uuid, input: { notes: 'New' } });
    await partner.send(DELETE_CUSTOMER, { uuid });
    expect(typesOf(await listen.webhooksOf(uuid, 2))).toEqual(['customer.updated', 'customer.deleted']);
  });

  test('more changes than a page has', async () => {
    const partner = gateway.nextPartner();
    const command = await listen.startReady(partner);
    const inputs = Array.from({ length: 100 }, () => fullCustomer());
    const createAll = `mutation ($inputs: [CreateCustomerInput!]!) {
      createCustomers(inputs: $inputs) { ... on CustomersCreated { successCount } } }`;
    const more = inputs.map(() => fullCustomer());
    await Promise.all([partner.send(createAll, { inputs }), partner.send(createAll, { inputs: more })]);
    const lines = () => command.written().stdout.match(/customer\.created \S+ → 204/g) ?? [];
    await eventually('all are posted', () => lines().length >= 200);
    expect(new Set(lines()).size).toBe(200);
  });

  test('one line of JSON for each delivery with --json, after one with a new secret', async () => {
    const partner = gateway.nextPartner();
    const command = await listen.startReady(partner, ['--json'], { CUSTOMER_GATEWAY_WEBHOOK_SECRET: '' });
    const printed = () =>
      command
        .written()
        .stdout.trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
    const [ready] = printed();
    expect(ready).toEqual({ ready: true, signingSecret: expect.stringMatching(/^whsec_[\w+/]{32}$/) });
    await createCustomer(partner);
    await eventually('it is posted', () => printed().length === 2);
    const [webhook] = listen.receiver.received.slice(-1);
    expect(printed()[1]).toEqual({
      time: expect.stringMatching(/^\d{4}-\S+Z$/),
      type: 'customer.created',
      id: webhook?.headers['webhook-id'],
      status: 204,
      error: null,
      durationMs: expect.any(Number),
    });
    const { text = '', headers = {} } = webhook ?? {};
    expect(new Webhook(ready.signingSecret).verify(text, textHeaders(headers))).toMatchObject({ version: 1 });
  });
});
