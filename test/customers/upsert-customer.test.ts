import { beforeAll, describe, expect, test } from 'vitest';
import { ada, address, bob, createCustomer, fullCustomer } from '../support/customers.js';
import { query } from '../support/database.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { DELETE_CUSTOMER, UPSERT_CUSTOMER, readCustomer } from '../support/operations.js';
import { sharedResources } from '../support/resources.js';
import { newEmail, SignedClient } from '../support/signed-client.js';

let gateway: TestGateway;
/** A second gateway on the same database. */
let other: TestGateway;
const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(await startTestGateway({}, 28), (it) => it.close());
  other = resources.adopt(
    await startTestGateway({ databaseUrl: gateway.databaseUrl, secretsKeys: [gateway.secretsKey] }, 0),
    (it) => it.close(),
  );
});

async function upsert(partner: SignedClient, input: Record<string, unknown>, by = 'EMAIL') {
  const answer = await partner.send(UPSERT_CUSTOMER, { input, by });
  expect(answer.status).toBe(200);
  expect(answer.json.errors).toBeUndefined();
  return answer.json.data.upsertCustomer;
}
async function countOf(teamId: string): Promise<number> {
  return (await query(gateway.databaseUrl, 'select 1 from customer where team_id = $1', [teamId])).length;
}

describe.each(['EMAIL', 'EXTERNAL_ID'])('upsertCustomer by %s', (by) => {
  test('stores a customer that the team does not have', async () => {
    const partner = gateway.nextPartner();
    const input = fullCustomer();
    const answer = await upsert(partner, input, by);
    expect(answer).toMatchObject({
      __typename: 'Created',
      status: 'success',
      message: 'Customer created.',
      replayed: false,
      data: { ...input, version: 1 },
    });
    expect(await readCustomer(partner, answer.data.uuid)).toEqual(answer.data);
  });

  test('changes what was sent of a customer that the team has; the rest stays', async () => {
    const partner = gateway.nextPartner();
    const input = fullCustomer();
    const before = await createCustomer(partner, input);
    const answer = await upsert(
      partner,
      {
        customer: 'New name',
        email: input.email,
        externalId: input.externalId,
        mainPhone: null,
        billingAddress: { city: 'Dallas', state: null },
        metadata: [
          { key: 'a', value: null },
          { key: 'c', value: '3' },
        ],
      },
      by,
    );
    expect(answer).toEqual({
      __typename: 'Updated',
      status: 'success',
      message: 'Customer updated.',
      data: {
        ...before,
        customer: 'New name',
        mainPhone: null,
        billingAddress: { ...address, city: 'Dallas', state: null },
        metadata: [
          { key: 'b', value: '2' },
          { key: 'c', value: '3' },
        ],
        version: 2,
        updatedAt: expect.any(String),
      },
    });
    expect(await readCustomer(partner, before.uuid)).toEqual(answer.data);
  });

  test('clears with null what may be null', async () => {
    const partner = gateway.nextPartner();
    const input = fullCustomer();
    const before = await createCustomer(partner, input);
    const { customer, email, externalId } = input;
    const nothing = { mainPhone: null, notes: null, metadata: null, billingAddress: null, contacts: null };
    const answer = await upsert(partner, { customer, email, externalId, status: null, ...nothing }, by);
    expect(answer.data).toMatchObject({ ...nothing, metadata: [], contacts: [], status: 'INACTIVE' });
    expect(await readCustomer(partner, before.uuid)).toEqual(answer.data);
  });

  test('puts the contacts that were sent in the place of all there are', async () => {
    const partner = gateway.nextPartner();
    const input = fullCustomer();
    const before = await createCustomer(partner, input);
    const contacts = [
      { ...bob, isPrimary: true },
      { ...bob, firstName: 'Cid' },
      { ...bob, firstName: 'Dee' },
    ];
    const answer = await upsert(partner, { ...input, contacts }, by);
    expect(answer.data).toMatchObject({ uuid: before.uuid, contacts });
    expect(await readCustomer(partner, before.uuid)).toEqual(answer.data);

    const fewer = await upsert(partner, { ...input, contacts: [ada] }, by);
    expect(fewer.data.contacts).toMatchObject([ada]);
    expect(await readCustomer(partner, before.uuid)).toEqual(fewer.data);
  });

  test('is the same once or many times', async () => {
    const partner = gateway.nextPartner();
    const input = fullCustomer();
    const first = await upsert(partner, input, by);
    const second = await upsert(partner, input, by);
    expect(second.data).toMatchObject({ ...input, uuid: first.data.uuid });
    expect(await countOf(partner.teamId)).toBe(1);
  });

  test('answers ValidationError with every field that is wrong, and changes nothing', async () => {
    const partner = gateway.nextPartner();
    const input = fullCustomer();
    const before = await createCustomer(partner, input);
    const answer = await upsert(partner, { ...input, customer: ' ', website: 'x', contacts: [{}] }, by);
    expect(answer).toMatchObject({
      __typename: 'ValidationError',
      errors: [
        { path: 'customer', code: 'REQUIRED' },
        { path: 'website', code: 'INVALID_URL' },
        { path: 'contacts.0', code: 'REQUIRED' },
      ],
    });
    expect(await readCustomer(partner, before.uuid)).toEqual(before);
  });

  test('counts the metadata that there will be', async () => {
    const partner = gateway.nextPartner();
    const entries = (from: number, length: number) =>
      Array.from({ length }, (_, index) => ({ key: `k${from + index}`, value: '1' }));
    const input = { ...fullCustomer(), metadata: entries(0, 50) };
    const before = await createCustomer(partner, input);
    expect(await upsert(partner, { ...input, metadata: entries(50, 1) }, by)).toMatchObject({
      __typename: 'ValidationError',
      errors: [{ path: 'metadata', code: 'TOO_MANY', message: 'must have at most 50 items' }],
    });
    expect(await readCustomer(partner, before.uuid)).toEqual(before);
  });

  test('does not touch the customer of another team, nor one that was deleted', async () => {
    const partner = gateway.nextPartner();
    const stranger = gateway.nextPartner();
    const input = fullCustomer();
    const foreign = await createCustomer(stranger, input);
    const deleted = await createCustomer(partner, input);
    await partner.send(DELETE_CUSTOMER, { uuid: deleted.uuid });
    const answer = await upsert(partner, { ...input, notes: 'mine' }, by);
    expect(answer.__typename).toBe('Created');
    expect(await readCustomer(stranger, foreign.uuid)).toEqual(foreign);
  });

  test('leaves one customer, whole, when many arrive at once on two gateways', async () => {
    const partner = gateway.nextPartner();
    const twin = new SignedClient(other.url, partner.credentials);
    const input = fullCustomer();
    const contacts = (call: number) =>
      Array.from({ length: call % 4 }, (_, index) => ({ firstName: `${call}-${index}` }));
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, call) =>
        upsert(
          call % 2 === 0 ? partner : twin,
          {
            ...input,
            notes: String(call),
            metadata: [{ key: `k${call}`, value: '1' }],
            contacts: contacts(call),
          },
          by,
        ),
      ),
    );
    expect(answers.filter(({ __typename }) => __typename === 'Created')).toHaveLength(1);
    expect(answers.filter(({ __typename }) => __typename === 'Updated')).toHaveLength(39);
    expect(answers.map(({ data }) => data.version).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 40 }, (_, index) => index + 1),
    );
    expect(await countOf(partner.teamId)).toBe(1);
    const after = await readCustomer(partner, answers[0].data.uuid);
    expect(after.metadata).toHaveLength(40);
    const last = answers.find(({ data }) => data.version === 40);
    expect(after).toEqual(last.data);
    expect(after.contacts.map(({ firstName }: { firstName: string }) => ({ firstName }))).toEqual(
      contacts(Number(after.notes)),
    );
  });

  test('answers RateLimited past the limit', async () => {
    const partner = gateway.nextPartner();
    await Promise.all(Array.from({ length: 100 }, () => partner.send('{ customers { page } }')));
    expect(await upsert(partner, fullCustomer(), by)).toMatchObject({ __typename: 'RateLimited' });
  });
});

describe('upsertCustomer', () => {
  test('by EMAIL finds the email in any case and takes the new one', async () => {
    const partner = gateway.nextPartner();
    const input = fullCustomer();
    const before = await createCustomer(partner, input);
    const answer = await upsert(partner, { customer: 'A', email: input.email.toUpperCase() });
    expect(answer.data).toMatchObject({ uuid: before.uuid, email: input.email.toUpperCase() });
  });

  test('by EXTERNAL_ID changes the email', async () => {
    const partner = gateway.nextPartner();
    const input = fullCustomer();
    const before = await createCustomer(partner, input);
    const email = newEmail();
    const answer = await upsert(
      partner,
      { customer: 'A', email, externalId: input.externalId },
      'EXTERNAL_ID',
    );
    expect(answer).toMatchObject({ __typename: 'Updated', data: { uuid: before.uuid, email } });
  });

  test.each([undefined, null, ' '])('by EXTERNAL_ID needs one, so %j is not valid', async (externalId) => {
    const input = { customer: ' ', email: newEmail(), externalId };
    expect(await upsert(gateway.nextPartner(), input, 'EXTERNAL_ID')).toMatchObject({
      __typename: 'ValidationError',
      errors: [
        { path: 'customer', code: 'REQUIRED' },
        { path: 'externalId', code: 'REQUIRED', message: 'must not be blank' },
      ],
    });
  });

  test('answers Conflict when another customer has the other key', async () => {
    const partner = gateway.nextPartner();
    const [a, b] = [fullCustomer(), fullCustomer()];
    const before = [await createCustomer(partner, a), await createCustomer(partner, b)];
    expect(await upsert(partner, { ...a, externalId: b.externalId }, 'EMAIL')).toMatchObject({
      __typename: 'Conflict',
      code: 'EXTERNAL_ID_EXISTS',
      details: { field: 'externalId' },
    });
    expect(await upsert(partner, { ...a, email: b.email }, 'EXTERNAL_ID')).toMatchObject({
      __typename: 'Conflict',
      code: 'EMAIL_EXISTS',
      details: { field: 'email' },
    });
    expect(await upsert(partner, { ...fullCustomer(), email: b.email }, 'EXTERNAL_ID')).toMatchObject({
      code: 'EMAIL_EXISTS',
    });
    for (const customer of before) expect(await readCustomer(partner, customer.uuid)).toEqual(customer);
  });
});
