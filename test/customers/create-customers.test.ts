import { beforeAll, describe, expect, test } from 'vitest';
import { newCustomer } from '../support/customers.js';
import { query } from '../support/database.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { CREATE_CUSTOMER, CREATE_CUSTOMERS, readCustomer } from '../support/operations.js';
import { sharedResources } from '../support/resources.js';
import { newEmail, type SignedClient } from '../support/signed-client.js';

let gateway: TestGateway;
const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(await startTestGateway({}, 12), (it) => it.close());
});

async function createMany(partner: SignedClient, inputs: unknown[]) {
  const answer = await partner.send(CREATE_CUSTOMERS, { inputs });
  expect(answer.json.errors).toBeUndefined();
  return answer.json.data.createCustomers;
}

async function countOf(teamId: string) {
  const [counts] = await query<{ customers: number; contacts: number }>(
    gateway.databaseUrl,
    `select count(distinct c.id)::int as customers, count(k.id)::int as contacts
     from customer c left join contact k on k.customer_id = c.id where team_id = $1`,
    [teamId],
  );
  return counts;
}

describe('createCustomers', () => {
  test('stores 100 customers with addresses and contacts, and answers each in the order sent', async () => {
    const partner = gateway.nextPartner();
    const inputs = Array.from({ length: 100 }, (_, index) =>
      newCustomer({
        customer: `Customer ${index}`,
        externalId: `id-${index}`,
        notes: `"${index}"\n\\`,
        metadata: [{ key: 'n', value: String(index) }],
        billingAddress: { city: `City ${index}` },
        contacts: [{ firstName: `A${index}`, isPrimary: true }, { phone: String(index) }],
      }),
    );
    const answer = await createMany(partner, inputs);

    expect(answer).toMatchObject({
      __typename: 'CustomersCreated',
      status: 'success',
      message: '100 of 100 customers created.',
      successCount: 100,
      errorCount: 0,
    });
    expect(answer.results).toHaveLength(100);
    for (const [index, { data, ...rest }] of answer.results.entries()) {
      expect(rest).toEqual({
        __typename: 'Created',
        status: 'success',
        message: 'Customer created.',
        replayed: false,
      });
      expect(data).toMatchObject(inputs[index] ?? {});
    }
    expect(await countOf(partner.teamId)).toEqual({ customers: 100, contacts: 200 });
    expect(await readCustomer(partner, answer.results[42].data.uuid)).toEqual(answer.results[42].data);
  });

  test('lets no bad row undo another', async () => {
    const partner = gateway.nextPartner();
    const known = newCustomer({ externalId: 'known' });
    await partner.send(CREATE_CUSTOMER, { input: known });
    const answer = await createMany(partner, [
      newCustomer(),
      newCustomer({ customer: ' ', email: 'invalid' }),
      newCustomer({ email: known.email.toUpperCase() }),
      newCustomer({ externalId: 'known' }),
      newCustomer({ contacts: [{ firstName: 'Ada' }] }),
    ]);

    expect(answer).toMatchObject({
      message: '2 of 5 customers created.',
      successCount: 2,
      errorCount: 3,
      results: [
        { __typename: 'Created' },
        {
          __typename: 'ValidationError',
          code: 'VALIDATION_FAILED',
          errors: [
            { path: 'customer', code: 'REQUIRED' },
            { path: 'email', code: 'INVALID_EMAIL' },
          ],
        },
        { __typename: 'Conflict', code: 'EMAIL_EXISTS', details: { field: 'email', currentVersion: null } },
        {
          __typename: 'Conflict',
          code: 'EXTERNAL_ID_EXISTS',
          details: { field: 'externalId', currentVersion: null },
        },
        { __typename: 'Created' },
      ],
    });
    expect(await countOf(partner.teamId)).toEqual({ customers: 3, contacts: 1 });
  });

  test('takes rows that want the same for conflicts with the first of them', async () => {
    const email = newEmail();
    const answer = await createMany(gateway.nextPartner(), [
      newCustomer({ email, externalId: 'a' }),
      newCustomer({ email: email.toUpperCase(), externalId: 'c' }),
      newCustomer({ externalId: 'a' }),
      newCustomer({ email, externalId: 'b' }),
      newCustomer({ externalId: 'b' }),
    ]);
    expect(answer.results.map((item: { __typename: string; code?: string }) => item.code)).toEqual([
      undefined,
      'EMAIL_EXISTS',
      'EXTERNAL_ID_EXISTS',
      'EMAIL_EXISTS',
      undefined,
    ]);
  });

  test('answers with rows when not one of them is valid', async () => {
    const answer = await createMany(gateway.nextPartner(), [
      newCustomer({ email: 'x' }),
      newCustomer({ customer: '' }),
    ]);
    expect(answer).toMatchObject({ __typename: 'CustomersCreated', successCount: 0, errorCount: 2 });
  });

  test.each([
    ['no row', 0, { path: 'inputs', message: 'must not be empty', code: 'REQUIRED' }],
    ['101 rows', 101, { path: 'inputs', message: 'must have at most 100 items', code: 'TOO_MANY' }],
  ])('refuses %s and stores nothing', async (_case, length, error) => {
    const partner = gateway.nextPartner();
    const answer = await createMany(
      partner,
      Array.from({ length }, () => newCustomer()),
    );
    expect(answer).toMatchObject({
      __typename: 'ValidationError',
      code: 'VALIDATION_FAILED',
      errors: [error],
    });
    expect(await countOf(partner.teamId)).toEqual({ customers: 0, contacts: 0 });
  });

  test('does not meet the customers of another team', async () => {
    const shared = newCustomer({ externalId: 'shared' });
    for (const partner of [gateway.nextPartner(), gateway.nextPartner()]) {
      expect(await createMany(partner, [shared])).toMatchObject({ successCount: 1 });
    }
  });

  test('creates each exactly once when calls with the same rows, in any order, arrive at once', async () => {
    const partner = gateway.nextPartner();
    const rows = Array.from({ length: 50 }, (_, index) => newCustomer({ externalId: `id-${index}` }));
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, call) => createMany(partner, call % 2 === 0 ? rows : rows.toReversed())),
    );
    expect(answers.reduce((sum, { successCount }) => sum + successCount, 0)).toBe(50);
    expect(answers.reduce((sum, { errorCount }) => sum + errorCount, 0)).toBe(350);
    expect(await countOf(partner.teamId)).toEqual({ customers: 50, contacts: 0 });
  });

  test('counts once against the limit and answers RateLimited past it', async () => {
    const partner = gateway.nextPartner();
    for (let call = 0; call < 10; call += 1) await createMany(partner, [newCustomer(), newCustomer()]);
    const reads = Array.from({ length: 90 }, () => partner.send('{ customerByEmail(email: "x") { uuid } }'));
    expect((await Promise.all(reads)).every(({ json }) => json.errors === undefined)).toBe(true);
    expect(await createMany(partner, [newCustomer()])).toMatchObject({
      __typename: 'RateLimited',
      code: 'RATE_LIMIT_EXCEEDED',
      details: { limit: 100, remaining: 0 },
    });
  });
});
