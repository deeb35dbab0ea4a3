import { beforeAll, describe, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { CREATE_CUSTOMERS, UPDATE_CUSTOMERS, readCustomer } from '../support/operations.js';
import { sharedResources } from '../support/resources.js';
import { newEmail, type SignedClient } from '../support/signed-client.js';

let gateway: TestGateway;
const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(await startTestGateway({}, 9), (it) => it.close());
});

interface Customer {
  readonly uuid: string;
  readonly email: string;
  readonly externalId: string | null;
  readonly version: number;
}

async function created(partner: SignedClient, count: number): Promise<Customer[]> {
  const inputs = Array.from({ length: count }, (_, index) => ({
    customer: `Customer ${index}`,
    email: newEmail(),
    externalId: crypto.randomUUID(),
    contacts: [{ firstName: 'Ada' }],
  }));
  const answer = await partner.send(CREATE_CUSTOMERS, { inputs });
  return answer.json.data.createCustomers.results.map(({ data }: { data: Customer }) => data);
}

async function updateMany(partner: SignedClient, inputs: unknown[]) {
  const answer = await partner.send(UPDATE_CUSTOMERS, { inputs });
  expect(answer.json.errors).toBeUndefined();
  return answer.json.data.updateCustomers;
}

/** What became of each row: its code, or that it was changed. */
const codesOf = (answer: { results: { __typename: string; code?: string }[] }) =>
  answer.results.map(({ __typename, code }) => code ?? __typename);

describe('updateCustomers', () => {
  test('changes 100 customers and answers each in the order sent', async () => {
    const partner = gateway.nextPartner();
    const before = await created(partner, 100);
    const inputs = before.toReversed().map(({ uuid }, index) => ({
      uuid,
      customer: `New ${index}`,
      contacts: { add: [{ firstName: `Bob ${index}` }] },
    }));
    const answer = await updateMany(partner, inputs);

    expect(answer).toMatchObject({
      __typename: 'CustomersUpdated',
      status: 'success',
      message: '100 of 100 customers updated.',
      successCount: 100,
      errorCount: 0,
    });
    for (const [index, { data }] of answer.results.entries()) {
      expect(data).toMatchObject({
        uuid: inputs[index]?.uuid,
        customer: `New ${index}`,
        contacts: [{ firstName: 'Ada' }, { firstName: `Bob ${index}` }],
        version: 2,
      });
    }
    expect(await readCustomer(partner, inputs[7]?.uuid)).toEqual(answer.results[7].data);
  });

  test('lets no bad row undo another', async () => {
    const partner = gateway.nextPartner();
    const [a, b, c, d, e] = await created(partner, 5);
    const [foreign] = await created(gateway.nextPartner(), 1);
    const answer = await updateMany(partner, [
      { uuid: a?.uuid, notes: 'changed' },
      { uuid: b?.uuid, email: 'nobody', status: null },
      { uuid: crypto.randomUUID(), notes: 'x' },
      { uuid: foreign?.uuid, notes: 'x' },
      { uuid: c?.uuid, notes: 'x', expectedVersion: 9 },
      { uuid: d?.uuid, email: e?.email },
      { uuid: a?.uuid.toUpperCase(), notes: 'again' },
      { uuid: e?.uuid, notes: 'changed' },
    ]);
    expect(codesOf(answer)).toEqual([
      'Updated',
      'VALIDATION_FAILED',
      'CUSTOMER_NOT_FOUND',
      'CUSTOMER_NOT_FOUND',
      'VERSION_MISMATCH',
      'EMAIL_EXISTS',
      'VALIDATION_FAILED',
      'Updated',
    ]);
    expect(answer).toMatchObject({ message: '2 of 8 customers updated.', successCount: 2, errorCount: 6 });
    expect(answer.results[6].errors).toEqual([
      { path: 'uuid', code: 'DUPLICATE', message: 'must be unique' },
    ]);
    expect(await readCustomer(partner, a?.uuid)).toMatchObject({ notes: 'changed', version: 2 });
    expect(await readCustomer(partner, d?.uuid)).toEqual(d);
  });

  test('gives what several rows want to the first that may have it', async () => {
    const partner = gateway.nextPartner();
    const [a, b, c, d, e] = await created(partner, 5);
    const email = newEmail();
    const answer = await updateMany(partner, [
      { uuid: a?.uuid, email, externalId: e?.externalId },
      { uuid: b?.uuid, email: email.toUpperCase(), externalId: 'new' },
      { uuid: c?.uuid, email },
      { uuid: d?.uuid, externalId: 'new' },
    ]);
    expect(codesOf(answer)).toEqual(['EXTERNAL_ID_EXISTS', 'Updated', 'EMAIL_EXISTS', 'EXTERNAL_ID_EXISTS']);
  });

  test('takes what a row gives up in the same call for taken', async () => {
    const partner = gateway.nextPartner();
    const [a, b] = await created(partner, 2);
    const answer = await updateMany(partner, [
      { uuid: a?.uuid, email: newEmail() },
      { uuid: b?.uuid, email: a?.email },
    ]);
    expect(codesOf(answer)).toEqual(['Updated', 'EMAIL_EXISTS']);
  });

  test.each([
    ['no row', 0, { path: 'inputs', message: 'must not be empty', code: 'REQUIRED' }],
    ['101 rows', 101, { path: 'inputs', message: 'must have at most 100 items', code: 'TOO_MANY' }],
  ])('refuses %s and changes nothing', async (_case, length, error) => {
    const partner = gateway.nextPartner();
    const [a] = await created(partner, 1);
    const answer = await updateMany(
      partner,
      Array.from({ length }, () => ({ uuid: a?.uuid, notes: 'x' })),
    );
    expect(answer).toMatchObject({ __typename: 'ValidationError', errors: [error] });
    expect(await readCustomer(partner, a?.uuid)).toEqual(a);
  });

  test('loses no change when calls with the same customers, in any order, arrive at once', async () => {
    const partner = gateway.nextPartner();
    const before = await created(partner, 30);
    const call = (key: string, customers: Customer[]) =>
      updateMany(
        partner,
        customers.map(({ uuid }) => ({ uuid, metadata: [{ key, value: '1' }] })),
      );
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        call(`k${index}`, index % 2 === 0 ? before : before.toReversed()),
      ),
    );
    expect(answers.map(({ successCount }) => successCount)).toEqual(Array.from({ length: 8 }, () => 30));
    for (const { uuid } of before.slice(0, 5)) {
      const after = await readCustomer(partner, uuid);
      expect(after.metadata).toHaveLength(8);
      expect(after.version).toBe(9);
    }
  });

  test('counts once against the limit and answers RateLimited past it', async () => {
    const partner = gateway.nextPartner();
    const [a] = await created(partner, 1);
    await updateMany(partner, [{ uuid: a?.uuid, notes: 'x' }]);
    const reads = Array.from({ length: 98 }, () => partner.send('{ customers { page } }'));
    expect((await Promise.all(reads)).every(({ json }) => json.errors === undefined)).toBe(true);
    expect(await updateMany(partner, [{ uuid: a?.uuid, notes: 'y' }])).toMatchObject({
      __typename: 'RateLimited',
      code: 'RATE_LIMIT_EXCEEDED',
    });
  });
});
