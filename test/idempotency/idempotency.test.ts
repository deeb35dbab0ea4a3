import { beforeAll, describe, expect, test } from 'vitest';
import pg from 'pg';
import { issueToken } from '../../src/auth/issue-credentials.js';
import { removeExpiredKeys } from '../../src/idempotency/remove-expired-keys.js';
import { newCustomer } from '../support/customers.js';
import { query } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { CREATE_CUSTOMER, CREATE_CUSTOMERS } from '../support/operations.js';
import { sharedResources } from '../support/resources.js';
import { type Answer, SignedClient } from '../support/signed-client.js';

let gateway: TestGateway;
/** A second gateway on the same database. */
let other: TestGateway;
const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(await startTestGateway({}, 19), (it) => it.close());
  other = resources.adopt(
    await startTestGateway({ databaseUrl: gateway.databaseUrl, secretsKeys: [gateway.secretsKey] }, 0),
    (it) => it.close(),
  );
});

const newKey = () => crypto.randomUUID();

async function create(partner: SignedClient, input: unknown, idempotencyKey?: string | null) {
  const answer = await partner.send(CREATE_CUSTOMER, { input, idempotencyKey });
  expect(answer.json.errors).toBeUndefined();
  return answer.json.data.createCustomer;
}

async function createMany(partner: SignedClient, inputs: unknown[], idempotencyKey?: string) {
  const answer = await partner.send(CREATE_CUSTOMERS, { inputs, idempotencyKey });
  expect(answer.json.errors).toBeUndefined();
  return answer.json.data.createCustomers;
}

async function customersOf(teamId: string): Promise<number> {
  const rows = await query(gateway.databaseUrl, 'select 1 from customer where team_id = $1', [teamId]);
  return rows.length;
}

describe('createCustomer with an idempotency key', () => {
  test('answers the same input with the first result, replayed, and stores nothing more', async () => {
    const partner = gateway.nextPartner();
    const key = newKey();
    const input = newCustomer({
      externalId: 'x-1',
      metadata: [{ key: 'a', value: '1' }],
      billingAddress: { city: 'Oslo' },
      contacts: [{ firstName: 'Ada', isPrimary: true }, { phone: '1' }],
    });
    const first = await create(partner, input, key);
    expect(first).toMatchObject({ __typename: 'Created', replayed: false });

    expect(await create(partner, input, key)).toEqual({ ...first, replayed: true });
    expect(await customersOf(partner.teamId)).toBe(1);
  });

  test('still answers with the first result after the customer has changed', async () => {
    const partner = gateway.nextPartner();
    const key = newKey();
    const input = newCustomer();
    const first = await create(partner, input, key);
    await query(
      gateway.databaseUrl,
      "update customer set email = 'other@example.com', version = 2 where id = $1",
      [first.data.uuid],
    );
    expect(await create(partner, input, key)).toEqual({ ...first, replayed: true });
    expect(await customersOf(partner.teamId)).toBe(1);
  });

  test('takes fields in another order, and null for what was left out, for the same input', async () => {
    const partner = gateway.nextPartner();
    const key = newKey();
    const { customer, email } = newCustomer();
    const first = await create(partner, { customer, email }, key);
    const again = await create(partner, { email, notes: null, customer }, key);
    expect(again).toEqual({ ...first, replayed: true });
  });

  test('answers another input with Conflict, and stores nothing', async () => {
    const partner = gateway.nextPartner();
    const key = newKey();
    await create(partner, newCustomer(), key);
    expect(await create(partner, newCustomer(), key)).toEqual({
      __typename: 'Conflict',
      status: 'error',
      message: 'This idempotency key was already used with a different input.',
      code: 'IDEMPOTENCY_KEY_REUSED',
      details: { field: 'idempotencyKey', currentVersion: null },
    });
    expect(await createMany(partner, [newCustomer()], key)).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    expect(await customersOf(partner.teamId)).toBe(1);
  });

  test('does not use the key up when nothing was stored', async () => {
    const partner = gateway.nextPartner();
    const key = newKey();
    const taken = newCustomer();
    await create(partner, taken);
    expect(await create(partner, newCustomer({ email: 'invalid' }), key)).toMatchObject({
      __typename: 'ValidationError',
    });
    expect(await create(partner, taken, key)).toMatchObject({ __typename: 'Conflict', code: 'EMAIL_EXISTS' });
    expect(await create(partner, newCustomer(), key)).toMatchObject({
      __typename: 'Created',
      replayed: false,
    });
  });

  test('refuses a key that is blank or too long', async () => {
    const partner = gateway.nextPartner();
    expect(await create(partner, newCustomer(), ' ')).toMatchObject({
      __typename: 'ValidationError',
      errors: [{ path: 'idempotencyKey', message: 'must not be blank', code: 'REQUIRED' }],
    });
    expect(await create(partner, newCustomer(), 'k'.repeat(256))).toMatchObject({
      errors: [{ path: 'idempotencyKey', code: 'TOO_LONG' }],
    });
    expect(await customersOf(partner.teamId)).toBe(0);
  });

  test('takes null for no key', async () => {
    const partner = gateway.nextPartner();
    expect(await create(partner, newCustomer(), null)).toMatchObject({
      __typename: 'Created',
      replayed: false,
    });
  });

  test("is apart from another client's key of the same team, and from its own of another team", async () => {
    const partner = gateway.nextPartner();
    const stranger = gateway.nextPartner();
    const tokenOf = async ({ credentials: { clientId } }: SignedClient, teamId: string) =>
      (await issueToken(gateway.orm, { clientId, teamId, days: 1 })).token;
    const callers = [
      partner,
      new SignedClient(gateway.url, {
        ...stranger.credentials,
        token: await tokenOf(stranger, partner.teamId),
      }),
      new SignedClient(gateway.url, {
        ...partner.credentials,
        token: await tokenOf(partner, stranger.teamId),
      }),
    ];
    const key = newKey();
    for (const caller of callers) {
      expect(await create(caller, newCustomer(), key)).toMatchObject({
        __typename: 'Created',
        replayed: false,
      });
    }
  });

  test.each<[string, (index: number) => string]>([
    ['the same input', () => 'same@example.com'],
    ['inputs that differ', (index) => `differ-${index}@example.com`],
  ])('stores exactly one of many with %s that arrive at once, on two gateways', async (_case, email) => {
    const partner = gateway.nextPartner();
    const twin = new SignedClient(other.url, partner.credentials);
    const key = newKey();
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        create(index % 2 === 0 ? partner : twin, newCustomer({ email: email(index) }), key),
      ),
    );
    expect(await customersOf(partner.teamId)).toBe(1);
    expect(answers.filter(({ replayed }) => replayed === false)).toHaveLength(1);
    const isReplay = email(0) === email(1);
    for (const answer of answers.filter(({ replayed }) => replayed !== false)) {
      expect(answer).toMatchObject(isReplay ? { replayed: true } : { code: 'IDEMPOTENCY_KEY_REUSED' });
    }
  });
});

/** Runs something while a transaction on a connection of its own has run this statement. */
async function whileHolding(statement: string, values: unknown[], meanwhile: () => Promise<unknown>) {
  const holder = new pg.Client({ connectionString: gateway.databaseUrl });
  await holder.connect();
  try {
    await holder.query('begin');
    await holder.query(statement, values);
    await meanwhile();
    await holder.query('commit');
  } finally {
    await holder.end();
  }
}
async function untilWaiting(count: number) {
  const waiting = () =>
    query(
      gateway.databaseUrl,
      "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
  await eventually(`${count} wait`, async () => (await waiting()).length >= count);
}

describe('a call that meets another one under way', () => {
  test('with its key and another input waits for it, and stores nothing', async () => {
    const partner = gateway.nextPartner();
    const key = newKey();
    let second: Promise<unknown> = Promise.resolve();
    await whileHolding(
      `insert into idempotency_key (client_id, team_id, key, request_hash, result, conflicts)
       values ($1, $2, $3, decode(repeat('00', 32), 'hex'), '[]', '{}')`,
      [partner.credentials.clientId, partner.teamId, key],
      async () => {
        second = create(partner, newCustomer(), key);
        await untilWaiting(1);
      },
    );
    expect(await second).toMatchObject({ __typename: 'Conflict', code: 'IDEMPOTENCY_KEY_REUSED' });
    expect(await customersOf(partner.teamId)).toBe(0);
  });

  test.each([
    ['an email', () => newCustomer()],
    ['an email and an external id', () => newCustomer({ externalId: newKey() })],
  ])('with its key and its input, %s, waits for it and answers the same', async (_case, input) => {
    const partner = gateway.nextPartner();
    const [key, sent] = [newKey(), input()];
    const calls: Promise<{ data: unknown }>[] = [];
    // The first call has stored all it will, and waits to see that its team is there.
    await whileHolding('select from team where id = $1 for update', [partner.teamId], async () => {
      for (const count of [1, 2]) {
        calls.push(create(partner, sent, key));
        await untilWaiting(count);
      }
    });
    const [first, second] = await Promise.all(calls);
    expect(first).toMatchObject({ __typename: 'Created', replayed: false });
    expect(second).toEqual({ ...first, replayed: true });
    expect(await customersOf(partner.teamId)).toBe(1);
  });
});

test('a row whose external id was taken meanwhile is answered alike in every repeat', async () => {
  const partner = gateway.nextPartner();
  const holder = await create(partner, newCustomer());
  const variables = {
    inputs: [newCustomer({ externalId: 'late' }), newCustomer()],
    idempotencyKey: newKey(),
  };
  let call: Promise<Answer> | undefined;
  await whileHolding(
    "update customer set external_id = 'late' where id = $1",
    [holder.data.uuid],
    async () => {
      call = partner.send(CREATE_CUSTOMERS, variables);
      await untilWaiting(1);
    },
  );
  const first = await call;
  expect(first?.json.data.createCustomers.results).toMatchObject([
    { code: 'EXTERNAL_ID_EXISTS' },
    { __typename: 'Created' },
  ]);
  await query(gateway.databaseUrl, 'delete from customer where id = $1', [holder.data.uuid]);
  const again = await partner.send(CREATE_CUSTOMERS, variables);
  expect(again.text).toBe(first?.text.replace('"replayed":false', '"replayed":true'));
});

describe('createCustomers with an idempotency key', () => {
  test('answers the same rows with the first results, those that were refused too', async () => {
    const partner = gateway.nextPartner();
    const key = newKey();
    const taken = newCustomer({ externalId: 'taken' });
    const holder = await create(partner, taken);
    const rows = [
      newCustomer(),
      newCustomer({ email: 'x' }),
      newCustomer({ email: taken.email }),
      newCustomer({ externalId: 'taken' }),
      newCustomer(),
    ];
    const first = await createMany(partner, rows, key);
    expect(first).toMatchObject({ successCount: 2, errorCount: 3 });

    // What stood against two of the rows is gone; the first result stands.
    await query(gateway.databaseUrl, 'delete from customer where id = $1', [holder.data.uuid]);
    const again = await createMany(partner, rows, key);
    const replayed = first.results.map((item: Record<string, unknown>) =>
      item['__typename'] === 'Created' ? { ...item, replayed: true } : item,
    );
    expect(again).toEqual({ ...first, results: replayed });
    expect(await customersOf(partner.teamId)).toBe(2);
  });

  test('answers rows in another order with Conflict', async () => {
    const partner = gateway.nextPartner();
    const key = newKey();
    const rows = [newCustomer(), newCustomer()];
    await createMany(partner, rows, key);
    expect(await createMany(partner, rows.toReversed(), key)).toMatchObject({
      __typename: 'Conflict',
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
  });
});

describe('keys', () => {
  const ageOf = (key: string, hours: number) =>
    query(
      gateway.databaseUrl,
      'update idempotency_key set created_at = now() - make_interval(hours => $2) where key = $1',
      [key, hours],
    );

  test('are kept for 24 hours and removed after that', async () => {
    const partner = gateway.nextPartner();
    const [young, old] = [newKey(), newKey()];
    for (const key of [young, old]) await create(partner, newCustomer(), key);
    await ageOf(young, 23);
    await ageOf(old, 25);
    await removeExpiredKeys(gateway.orm);
    const left = await query(gateway.databaseUrl, 'select key from idempotency_key where key in ($1, $2)', [
      young,
      old,
    ]);
    expect(left).toEqual([{ key: young }]);
  });

  test('are removed by a gateway by itself', async () => {
    const key = newKey();
    await create(gateway.nextPartner(), newCustomer(), key);
    await ageOf(key, 25);
    const third = await startTestGateway({ databaseUrl: gateway.databaseUrl }, 0);
    try {
      const isThere = async () =>
        (await query(gateway.databaseUrl, 'select 1 from idempotency_key where key = $1', [key])).length > 0;
      await eventually('the key is gone', async () => !(await isThere()), 5_000);
      expect(await isThere()).toBe(false);
    } finally {
      await third.close();
    }
  });
});
