import { beforeAll, describe, expect, test } from 'vitest';
import { createCustomer, fullCustomer } from '../support/customers.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { CUSTOMER, DELETE_CUSTOMER, RESTORE_CUSTOMER } from '../support/operations.js';
import { sharedResources } from '../support/resources.js';
import { type SignedClient } from '../support/signed-client.js';

let gateway: TestGateway;
const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(await startTestGateway({}, 12), (it) => it.close());
});

async function remove(partner: SignedClient, uuid: string) {
  return (await partner.send(DELETE_CUSTOMER, { uuid })).json.data.deleteCustomer;
}
async function restore(partner: SignedClient, uuid: string) {
  return (await partner.send(RESTORE_CUSTOMER, { uuid })).json.data.restoreCustomer;
}
async function findEverywhere(partner: SignedClient, { uuid, email, externalId }: Record<string, string>) {
  const answer = await partner.send(
    `query ($uuid: UUID!, $email: String!, $externalId: String!) {
      customer(uuid: $uuid) ${CUSTOMER}
      customerByEmail(email: $email) ${CUSTOMER}
      customerByExternalId(externalId: $externalId) ${CUSTOMER}
      customers(search: $email) { totalRecords records ${CUSTOMER} }
      customersConnection { totalCount nodes ${CUSTOMER} }
    }`,
    { uuid, email, externalId },
  );
  return answer.json.data;
}

const nowhere = {
  customer: null,
  customerByEmail: null,
  customerByExternalId: null,
  customers: { totalRecords: 0, records: [] },
  customersConnection: { totalCount: 0, nodes: [] },
};

describe('deleteCustomer', () => {
  test('answers Deleted with the customer as it was, and nothing finds it any more', async () => {
    const partner = gateway.nextPartner();
    const data = await createCustomer(partner, fullCustomer());
    expect(await remove(partner, data.uuid)).toEqual({
      __typename: 'Deleted',
      status: 'success',
      message: 'Customer deleted.',
      data: { ...data, version: 2, updatedAt: expect.any(String) },
    });
    expect(await findEverywhere(partner, data)).toEqual(nowhere);
  });

  test('frees the email and the external id', async () => {
    const partner = gateway.nextPartner();
    const input = fullCustomer();
    const first = await createCustomer(partner, input);
    await remove(partner, first.uuid);
    expect((await createCustomer(partner, input)).uuid).not.toBe(first.uuid);
  });

  test('answers NotFound for a customer that there is not, was deleted, or is of another team', async () => {
    const partner = gateway.nextPartner();
    const data = await createCustomer(partner, fullCustomer());
    const deleted = await createCustomer(partner, fullCustomer());
    await remove(partner, deleted.uuid);
    const unknown = crypto.randomUUID();
    expect(await remove(partner, unknown)).toEqual({
      __typename: 'NotFound',
      status: 'error',
      message: 'The team has no customer with this ID.',
      code: 'CUSTOMER_NOT_FOUND',
      details: { uuid: unknown },
    });
    expect(await remove(partner, deleted.uuid)).toMatchObject({ __typename: 'NotFound' });
    expect(await remove(gateway.nextPartner(), data.uuid)).toMatchObject({ __typename: 'NotFound' });
    expect((await findEverywhere(partner, data)).customer).toEqual(data);
  });

  test('happens once when it arrives many times at once', async () => {
    const partner = gateway.nextPartner();
    const data = await createCustomer(partner, fullCustomer());
    const answers = await Promise.all(Array.from({ length: 20 }, () => remove(partner, data.uuid)));
    expect(answers.filter(({ __typename }) => __typename === 'Deleted')).toHaveLength(1);
    expect(answers.filter(({ __typename }) => __typename === 'NotFound')).toHaveLength(19);
  });
});

describe('restoreCustomer', () => {
  test('answers Restored with the customer, contacts and all, and everything finds it again', async () => {
    const partner = gateway.nextPartner();
    const data = await createCustomer(partner, fullCustomer());
    await remove(partner, data.uuid);
    const answer = await restore(partner, data.uuid);
    const expected = { ...data, version: 3, updatedAt: expect.any(String) };
    expect(answer).toEqual({
      __typename: 'Restored',
      status: 'success',
      message: 'Customer restored.',
      data: expected,
    });
    expect(await findEverywhere(partner, data)).toEqual({
      customer: answer.data,
      customerByEmail: answer.data,
      customerByExternalId: answer.data,
      customers: { totalRecords: 1, records: [answer.data] },
      customersConnection: { totalCount: 1, nodes: [answer.data] },
    });
  });

  test.each<[string, (input: Record<string, unknown>) => Record<string, unknown>]>([
    ['EMAIL_EXISTS', ({ email }) => ({ ...fullCustomer(), email: String(email).toUpperCase() })],
    ['EXTERNAL_ID_EXISTS', ({ externalId }) => ({ ...fullCustomer(), externalId })],
  ])('answers Conflict %s when it was taken meanwhile', async (code, successor) => {
    const partner = gateway.nextPartner();
    const input = fullCustomer();
    const data = await createCustomer(partner, input);
    await remove(partner, data.uuid);
    await createCustomer(partner, successor(input));
    expect(await restore(partner, data.uuid)).toMatchObject({
      __typename: 'Conflict',
      status: 'error',
      code,
    });
    expect((await findEverywhere(partner, data)).customer).toBeNull();
  });

  test('answers NotFound for a customer that there is not, was not deleted, or is of another team', async () => {
    const partner = gateway.nextPartner();
    const data = await createCustomer(partner, fullCustomer());
    const deleted = await createCustomer(partner, fullCustomer());
    await remove(partner, deleted.uuid);
    expect(await restore(partner, data.uuid)).toEqual({
      __typename: 'NotFound',
      status: 'error',
      message: 'The team has no deleted customer with this ID.',
      code: 'CUSTOMER_NOT_FOUND',
      details: { uuid: data.uuid },
    });
    expect(await restore(partner, crypto.randomUUID())).toMatchObject({ __typename: 'NotFound' });
    expect(await restore(gateway.nextPartner(), deleted.uuid)).toMatchObject({ __typename: 'NotFound' });
    expect((await findEverywhere(partner, deleted)).customer).toBeNull();
  });
});

test('both answer RateLimited past the limit', async () => {
  const partner = gateway.nextPartner();
  await Promise.all(Array.from({ length: 100 }, () => partner.send('{ customers { page } }')));
  const uuid = crypto.randomUUID();
  for (const answer of [await remove(partner, uuid), await restore(partner, uuid)]) {
    expect(answer).toMatchObject({
      __typename: 'RateLimited',
      code: 'RATE_LIMIT_EXCEEDED',
      details: { limit: 100, remaining: 0 },
    });
  }
});
