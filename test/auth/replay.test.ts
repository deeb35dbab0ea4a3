import { beforeAll, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { ReplayGuard } from '../../src/auth/replay-guard.js';
import { ReplayCache } from '../../src/auth/replay-cache.js';
import { buildGatewaySchema } from '../../src/graphql/schema.js';
import { newCustomer } from '../support/customers.js';
import { query } from '../support/database.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import {
  CREATE_CUSTOMER,
  CREATE_CUSTOMERS,
  DELETE_CUSTOMER,
  ERASE_CUSTOMER,
  RESTORE_CUSTOMER,
  UPDATE_CUSTOMER,
  UPDATE_CUSTOMERS,
  UPSERT_CUSTOMER,
} from '../support/operations.js';
import { sharedResources } from '../support/resources.js';
import { newEmail, type SignedClient } from '../support/signed-client.js';
import {
  CREATE_ENDPOINT,
  DELETE_ENDPOINT,
  REDELIVER,
  ROTATE_SECRET,
  SEND_TEST,
  UPDATE_ENDPOINT,
} from '../support/webhook-operations.js';

const READ = '{ customerByEmail(email: "nobody@example.com") { uuid } }';

let gateway: TestGateway;
const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(await startTestGateway({}, 20), (it) => it.close());
});

/** Signs one request and sends it twice, as one who has recorded it would. */
async function sendTwice(partner: SignedClient, document: string, variables?: Record<string, unknown>) {
  const timestamp = String(Date.now());
  const first = await partner.send(document, variables, { timestamp });
  return { first, second: await partner.send(document, variables, { timestamp }) };
}

const customersOf = async (teamId: string): Promise<number> =>
  (await query(gateway.databaseUrl, 'select 1 from customer where team_id = $1', [teamId])).length;

const uuid = crypto.randomUUID();

const MUTATIONS: Record<string, [document: string, variables: Record<string, unknown>]> = {
  createCustomer: [CREATE_CUSTOMER, { input: newCustomer() }],
  createCustomers: [CREATE_CUSTOMERS, { inputs: [newCustomer()] }],
  createWebhookEndpoint: [CREATE_ENDPOINT, { input: { url: 'https://partner.example' } }],
  deleteCustomer: [DELETE_CUSTOMER, { uuid }],
  deleteWebhookEndpoint: [DELETE_ENDPOINT, { uuid }],
  eraseCustomer: [ERASE_CUSTOMER, { uuid }],
  redeliver: [REDELIVER, { uuid }],
  restoreCustomer: [RESTORE_CUSTOMER, { uuid }],
  rotateWebhookSecret: [ROTATE_SECRET, { uuid }],
  sendTestEvent: [SEND_TEST, { uuid }],
  updateCustomer: [UPDATE_CUSTOMER, { uuid, input: { customer: 'B' } }],
  updateCustomers: [UPDATE_CUSTOMERS, { inputs: [{ uuid, customer: 'B' }] }],
  updateWebhookEndpoint: [UPDATE_ENDPOINT, { uuid, input: { paused: true } }],
  upsertCustomer: [UPSERT_CUSTOMER, { input: newCustomer(), by: 'EMAIL' }],
};

describe('a signature', () => {
  test.each(Object.entries(MUTATIONS))(
    'brings %s once; sent again it is answered like a caller that we don’t know',
    async (name, [document, variables]) => {
      const { first, second } = await sendTwice(gateway.nextPartner(), document, variables);
      expect(first.status).toBe(200);
      expect(first.json.data[name].__typename).toBeDefined();

      expect(second.status).toBe(401);
      expect(second.json).toEqual({
        errors: [
          {
            message: 'The request is not authenticated.',
            extensions: { code: 'UNAUTHENTICATED', reason: 'SIGNATURE_REPLAYED' },
          },
        ],
      });
      expect(second.headers['www-authenticate']).toBeDefined();
      expect(second.headers['ratelimit-limit']).toBeUndefined();
    },
  );

  test('is asked for by every mutation that there is', async () => {
    const schema = await buildGatewaySchema();
    expect(Object.keys(MUTATIONS)).toEqual(
      Object.keys(schema.getMutationType()?.getFields() ?? {}).toSorted(),
    );
  });

  test('stores nothing the second time', async () => {
    const partner = gateway.nextPartner();
    const email = newEmail();
    const { first } = await sendTwice(partner, CREATE_CUSTOMER, { input: { customer: 'A', email } });
    const { data } = first.json.data.createCustomer;
    await partner.send(DELETE_CUSTOMER, { uuid: data.uuid });
    expect(await customersOf(partner.teamId)).toBe(1);

    await sendTwice(partner, CREATE_CUSTOMER, { input: newCustomer() });
    expect(await customersOf(partner.teamId)).toBe(2);
  });

  test('brings one of many that are sent at once', async () => {
    const partner = gateway.nextPartner();
    const timestamp = String(Date.now());
    const variables = { input: newCustomer() };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => partner.send(CREATE_CUSTOMER, variables, { timestamp })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(19);
  });

  test('brings all mutations of its document, once', async () => {
    const partner = gateway.nextPartner();
    const create = (alias: string) =>
      `${alias}: createCustomer(input: { customer: "A", email: "${newEmail()}" }) { __typename }`;
    const { first, second } = await sendTwice(partner, `mutation { ${create('a')} ${create('b')} }`);
    expect(first.json.data).toEqual({ a: { __typename: 'Created' }, b: { __typename: 'Created' } });
    expect(second.status).toBe(401);
    expect(await customersOf(partner.teamId)).toBe(2);
  });

  test('may read as often as one likes', async () => {
    const { first, second } = await sendTwice(gateway.nextPartner(), READ);
    expect(first.json).toEqual({ data: { customerByEmail: null } });
    expect(second.json).toEqual(first.json);
  });
});

test('a signature is remembered for as long as it is good, and for a tolerance more if the clock is set back', async () => {
  const toleranceMs = 300_000;
  let now = 0;
  const guard = new ReplayGuard(toleranceMs, undefined, () => now);
  // Its timestamp was as far ahead as may be, so it is good for two tolerances.
  expect(await guard.claim('a')).toBe(true);
  now = 3 * toleranceMs - 1;
  expect(await guard.claim('a')).toBe(false);
});

describe('the memory of signatures', () => {
  test('forgets each after its time, and no earlier', () => {
    let now = 0;
    const seen = new ReplayCache(1_000, () => now);
    seen.claim('a');
    now = 999;
    expect(seen.claim('a')).toBe(false);
    now = 1_000;
    expect(seen.claim('a')).toBe(true);
  });

  test('stays as small as what it remembers, however many come', () => {
    let now = 0;
    const seen = new ReplayCache(100, () => now);
    for (now = 0; now < 10_000; now += 1) {
      expect(seen.claim(`signature ${now}`)).toBe(true);
      expect(seen.claim(`signature ${Math.max(0, now - 99)}`)).toBe(false);
      expect(seen.size).toBeLessThanOrEqual(100);
    }
  });

  test('accepts each signature once in its time and keeps none for longer, for any sequence', () => {
    const claims = fc.array(
      fc.record({ after: fc.nat(400), signature: fc.constantFrom('a', 'b', 'c', 'd', 'e') }),
    );
    fc.assert(
      fc.property(claims, (sequence) => {
        let now = 0;
        const seen = new ReplayCache(1_000, () => now);
        const accepted = new Map<string, number>();
        for (const { after, signature } of sequence) {
          now += after;
          const last = accepted.get(signature);
          const isNew = last === undefined || now - last >= 1_000;
          expect(seen.claim(signature)).toBe(isNew);
          if (isNew) accepted.set(signature, now);
          expect(seen.size).toBe([...accepted.values()].filter((time) => now - time < 1_000).length);
        }
      }),
    );
  });
});
