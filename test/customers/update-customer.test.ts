import { beforeAll, describe, expect, test } from 'vitest';
import { address, bob, createCustomer, fullCustomer } from '../support/customers.js';
import { query } from '../support/database.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { UPDATE_CUSTOMER, readCustomer } from '../support/operations.js';
import { sharedResources } from '../support/resources.js';
import { newEmail, type SignedClient } from '../support/signed-client.js';

let gateway: TestGateway;
const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(await startTestGateway({}, 50), (it) => it.close());
});

/** A customer with something in every field. */
const created = (partner: SignedClient, parts: object = {}) =>
  createCustomer(partner, {
    ...fullCustomer(),
    status: 'ACTIVE',
    shippingAddress: { city: 'Oslo' },
    ...parts,
  });

async function update(partner: SignedClient, uuid: string, input: Record<string, unknown>) {
  const answer = await partner.send(UPDATE_CUSTOMER, { uuid, input });
  expect(answer.status).toBe(200);
  expect(answer.json.errors).toBeUndefined();
  return answer.json.data.updateCustomer;
}

/** What an update must answer, and a read after it. */
async function expectUpdated(
  partner: SignedClient,
  before: Record<string, unknown> & { uuid: string; version: number },
  input: Record<string, unknown>,
  changes: Record<string, unknown>,
) {
  const answer = await update(partner, before.uuid, input);
  const expected = { ...before, ...changes, version: before.version + 1, updatedAt: expect.any(String) };
  expect(answer).toEqual({
    __typename: 'Updated',
    status: 'success',
    message: 'Customer updated.',
    data: expected,
  });
  expect(await readCustomer(partner, before.uuid)).toEqual(answer.data);
  return answer.data;
}

describe('updateCustomer', () => {
  test.each<[string, Record<string, unknown>, Record<string, unknown>?]>([
    ['customer', { customer: ' New  name ' }, { customer: 'New  name' }],
    ['email', { email: 'new@example.com' }],
    ['mainPhone', { mainPhone: '2' }],
    ['website', { website: 'http://new.example' }],
    ['status', { status: 'INACTIVE' }],
    ['externalId', { externalId: 'new-id' }],
    ['notes', { notes: 'New.' }],
    ['taxNumber', { taxNumber: '3' }],
    ['paymentTerm', { paymentTerm: 'Net 60' }],
    [
      'a part of an address',
      { billingAddress: { city: 'Dallas' } },
      { billingAddress: { ...address, city: 'Dallas' } },
    ],
    [
      'a key of the metadata',
      {
        metadata: [
          { key: 'b', value: '3' },
          { key: 'c', value: '4' },
        ],
      },
      {
        metadata: [
          { key: 'a', value: '1' },
          { key: 'b', value: '3' },
          { key: 'c', value: '4' },
        ],
      },
    ],
  ])('changes %s and nothing else', async (_field, input, changes = input) => {
    const partner = gateway.nextPartner();
    await expectUpdated(partner, await created(partner), input, changes);
  });

  test.each<[string, Record<string, unknown>, Record<string, unknown>?]>([
    ['mainPhone', { mainPhone: null }],
    ['website', { website: null }],
    ['externalId', { externalId: null }],
    ['notes', { notes: null }],
    ['notes with blank text', { notes: ' ' }, { notes: null }],
    ['taxNumber', { taxNumber: null }],
    ['paymentTerm', { paymentTerm: null }],
    ['an address', { billingAddress: null }],
    [
      'a part of an address',
      { billingAddress: { state: null } },
      { billingAddress: { ...address, state: null } },
    ],
    ['the last part of an address', { shippingAddress: { city: null } }, { shippingAddress: null }],
    ['all metadata', { metadata: null }, { metadata: [] }],
    [
      'a key of the metadata',
      { metadata: [{ key: 'a', value: null }] },
      { metadata: [{ key: 'b', value: '2' }] },
    ],
  ])('clears %s', async (_field, input, changes = input) => {
    const partner = gateway.nextPartner();
    await expectUpdated(partner, await created(partner), input, changes);
  });

  test('sets an address where there was none', async () => {
    const partner = gateway.nextPartner();
    const before = await created(partner, { billingAddress: null });
    await expectUpdated(
      partner,
      before,
      { billingAddress: { city: 'Rome' } },
      { billingAddress: { street: null, city: 'Rome', state: null, zipCode: null, country: null } },
    );
  });

  test('changes nothing when nothing is sent, the version neither', async () => {
    const partner = gateway.nextPartner();
    const before = await created(partner);
    expect(await update(partner, before.uuid, {})).toMatchObject({ __typename: 'Updated', data: before });
    expect(await readCustomer(partner, before.uuid)).toEqual(before);
  });

  test('takes the id in any case', async () => {
    const partner = gateway.nextPartner();
    const before = await created(partner);
    const answer = await update(partner, before.uuid.toUpperCase(), { notes: 'x' });
    expect(answer.data).toMatchObject({ uuid: before.uuid, notes: 'x' });
  });

  test('answers ValidationError with every field that is wrong, and changes nothing', async () => {
    const partner = gateway.nextPartner();
    const before = await created(partner);
    const answer = await update(partner, before.uuid, {
      customer: null,
      email: 'nobody',
      status: null,
      website: 'x',
      notes: 'x'.repeat(5_001),
      billingAddress: { zipCode: '1'.repeat(21) },
      metadata: [{ key: ' ', value: '1' }],
      contacts: {
        add: [{ phone: ' ' }],
        update: [{ uuid: crypto.randomUUID(), email: '@' }],
        remove: [crypto.randomUUID()],
      },
    });
    expect(answer).toMatchObject({
      __typename: 'ValidationError',
      status: 'error',
      message: 'The input is not valid.',
      code: 'VALIDATION_FAILED',
    });
    const codes = answer.errors.map(({ path, code }: { path: string; code: string }) => `${path} ${code}`);
    expect(codes.toSorted()).toEqual([
      'billingAddress.zipCode TOO_LONG',
      'contacts.add.0 REQUIRED',
      'contacts.remove.0 NOT_FOUND',
      'contacts.update.0.email INVALID_EMAIL',
      'contacts.update.0.uuid NOT_FOUND',
      'customer REQUIRED',
      'email INVALID_EMAIL',
      'metadata.0.key REQUIRED',
      'notes TOO_LONG',
      'status REQUIRED',
      'website INVALID_URL',
    ]);
    expect(await readCustomer(partner, before.uuid)).toEqual(before);
  });

  test('counts the metadata that there will be', async () => {
    const partner = gateway.nextPartner();
    const entries = (from: number, length: number, value: string | null = '1') =>
      Array.from({ length }, (_, index) => ({ key: `k${from + index}`, value }));
    const before = await created(partner, { metadata: entries(0, 50) });
    expect(await update(partner, before.uuid, { metadata: entries(50, 1) })).toMatchObject({
      errors: [{ path: 'metadata', code: 'TOO_MANY', message: 'must have at most 50 items' }],
    });
    const swapped = await update(partner, before.uuid, {
      metadata: [...entries(0, 1, null), ...entries(50, 1)],
    });
    expect(swapped.data.metadata).toHaveLength(50);
  });

  test('answers NotFound for a customer that there is not, was deleted, or is of another team', async () => {
    const partner = gateway.nextPartner();
    const before = await created(partner);
    const deleted = await created(partner);
    await query(gateway.databaseUrl, 'update customer set deleted_at = now() where id = $1', [deleted.uuid]);
    const unknown = crypto.randomUUID();
    expect(await update(partner, unknown, { notes: 'x' })).toEqual({
      __typename: 'NotFound',
      status: 'error',
      message: 'The team has no customer with this ID.',
      code: 'CUSTOMER_NOT_FOUND',
      details: { uuid: unknown },
    });
    expect(await update(partner, deleted.uuid, { notes: 'x' })).toMatchObject({ __typename: 'NotFound' });
    expect(await update(gateway.nextPartner(), before.uuid, { notes: 'x' })).toMatchObject({
      __typename: 'NotFound',
    });
    expect(await readCustomer(partner, before.uuid)).toEqual(before);
  });

  test('answers Conflict to an email or an external id of another customer, and changes nothing', async () => {
    const partner = gateway.nextPartner();
    const other = await created(partner);
    const before = await created(partner);
    const email = other.email.toUpperCase();
    expect(await update(partner, before.uuid, { email, notes: 'x' })).toMatchObject({
      __typename: 'Conflict',
      code: 'EMAIL_EXISTS',
      details: { field: 'email' },
    });
    expect(await update(partner, before.uuid, { externalId: other.externalId })).toMatchObject({
      __typename: 'Conflict',
      code: 'EXTERNAL_ID_EXISTS',
      details: { field: 'externalId' },
    });
    expect(await readCustomer(partner, before.uuid)).toEqual(before);
  });

  test('takes a new case of its own email, and what another team has', async () => {
    const partner = gateway.nextPartner();
    const foreign = await created(gateway.nextPartner());
    const before = await created(partner);
    await expectUpdated(
      partner,
      before,
      { email: before.email.toUpperCase(), externalId: foreign.externalId },
      { email: before.email.toUpperCase(), externalId: foreign.externalId },
    );
  });

  test('changes only the version that was expected', async () => {
    const partner = gateway.nextPartner();
    const before = await created(partner);
    const after = await update(partner, before.uuid, { notes: 'first', expectedVersion: 1 });
    expect(after.data.version).toBe(2);
    expect(await update(partner, before.uuid, { notes: 'second', expectedVersion: 1 })).toEqual({
      __typename: 'Conflict',
      status: 'error',
      message: 'The customer was updated after it was read. Read it again and retry.',
      code: 'VERSION_MISMATCH',
      details: { field: 'expectedVersion', currentVersion: 2 },
    });
    expect(await readCustomer(partner, before.uuid)).toEqual(after.data);
  });

  test('answers RateLimited past the limit', async () => {
    const partner = gateway.nextPartner();
    const before = await created(partner);
    await Promise.all(Array.from({ length: 99 }, () => partner.send('{ customers { page } }')));
    expect(await update(partner, before.uuid, { notes: 'x' })).toMatchObject({
      __typename: 'RateLimited',
      code: 'RATE_LIMIT_EXCEEDED',
    });
  });
});

describe('contacts in an updateCustomer', () => {
  const person = (firstName: string, isPrimary = false) => ({ ...bob, firstName, isPrimary });

  test('are added, changed and removed in one call; the others keep their ids and their order', async () => {
    const partner = gateway.nextPartner();
    const before = await created(partner, { contacts: ['A', 'B', 'C', 'D'].map((name) => person(name)) });
    const [a, b, c, d] = before.contacts;
    const contacts = {
      add: [{ firstName: 'E', isPrimary: true }],
      update: [
        { uuid: c.uuid.toUpperCase(), phone: '3' },
        { uuid: a.uuid, firstName: null, lastName: 'Alpha' },
      ],
      remove: [b.uuid],
    };
    await expectUpdated(
      partner,
      before,
      { contacts },
      {
        contacts: [
          { ...a, firstName: null, lastName: 'Alpha' },
          { ...c, phone: '3' },
          d,
          { uuid: expect.any(String), ...person('E', true) },
        ],
      },
    );
  });

  test('are all removed', async () => {
    const partner = gateway.nextPartner();
    const before = await created(partner);
    const remove = before.contacts.map(({ uuid }: { uuid: string }) => uuid);
    await expectUpdated(partner, before, { contacts: { remove } }, { contacts: [] });
  });

  test('hand the first place over in one call', async () => {
    const partner = gateway.nextPartner();
    const before = await created(partner);
    const [first, second] = before.contacts;
    const handOver = [
      { uuid: first.uuid, isPrimary: false },
      { uuid: second.uuid, isPrimary: true },
    ];
    await expectUpdated(
      partner,
      before,
      { contacts: { update: handOver } },
      {
        contacts: [
          { ...first, isPrimary: false },
          { ...second, isPrimary: true },
        ],
      },
    );
  });

  test.each<[string, (ids: string[]) => Record<string, unknown>, string[]]>([
    [
      'a second primary',
      ([, b]) => ({ update: [{ uuid: b, isPrimary: true }] }),
      ['contacts.update.0.isPrimary MULTIPLE_PRIMARY'],
    ],
    [
      'a new primary beside one',
      () => ({ add: [{ phone: '1', isPrimary: true }] }),
      ['contacts.add.0.isPrimary MULTIPLE_PRIMARY'],
    ],
    [
      'one with nothing left',
      ([, b]) => ({ update: [{ uuid: b, firstName: null }] }),
      ['contacts.update.0 REQUIRED'],
    ],
    [
      'one named twice',
      ([a]) => ({ update: [{ uuid: a }, { uuid: a }] }),
      ['contacts.update.1.uuid DUPLICATE'],
    ],
    [
      'one changed and removed',
      ([a]) => ({ update: [{ uuid: a }], remove: [a] }),
      ['contacts.remove.0 DUPLICATE'],
    ],
    ['49 more', () => ({ add: Array.from({ length: 49 }, () => ({ phone: '1' })) }), ['contacts TOO_MANY']],
    [
      '51 more',
      () => ({ add: Array.from({ length: 51 }, () => ({ phone: '1' })) }),
      ['contacts.add TOO_MANY'],
    ],
  ])('are refused with %s', async (_case, changes, expected) => {
    const partner = gateway.nextPartner();
    const before = await created(partner);
    const ids = before.contacts.map(({ uuid }: { uuid: string }) => uuid);
    const answer = await update(partner, before.uuid, { contacts: changes(ids) });
    expect(answer.errors.map(({ path, code }: { path: string; code: string }) => `${path} ${code}`)).toEqual(
      expected,
    );
    expect(await readCustomer(partner, before.uuid)).toEqual(before);
  });

  test('of another customer cannot be reached', async () => {
    const partner = gateway.nextPartner();
    const other = await created(partner);
    const before = await created(partner);
    const answer = await update(partner, before.uuid, {
      contacts: { update: [{ uuid: other.contacts[0].uuid, phone: '9' }], remove: [other.contacts[1].uuid] },
    });
    expect(answer.errors.map(({ code }: { code: string }) => code)).toEqual(['NOT_FOUND', 'NOT_FOUND']);
    expect(await readCustomer(partner, other.uuid)).toEqual(other);
  });

  test('may be 50', async () => {
    const partner = gateway.nextPartner();
    const before = await created(partner);
    const add = Array.from({ length: 48 }, (_, index) => ({ firstName: `C${index}` }));
    const answer = await update(partner, before.uuid, { contacts: { add } });
    expect(answer.data.contacts).toHaveLength(50);
  });
});

describe('updates that arrive at once', () => {
  test('of one customer all happen, and none undoes another', async () => {
    const partner = gateway.nextPartner();
    const before = await created(partner, { metadata: [], contacts: [] });
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        update(partner, before.uuid, {
          metadata: [{ key: `k${index}`, value: String(index) }],
          contacts: { add: [{ firstName: `C${index}` }] },
        }),
      ),
    );
    expect(answers.every(({ __typename }) => __typename === 'Updated')).toBe(true);
    const after = await readCustomer(partner, before.uuid);
    expect(after.version).toBe(41);
    expect(after.metadata).toHaveLength(40);
    expect(new Set(after.contacts.map(({ firstName }: { firstName: string }) => firstName)).size).toBe(40);
  });

  test('with one expected version happen once', async () => {
    const partner = gateway.nextPartner();
    const before = await created(partner);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        update(partner, before.uuid, { notes: String(index), expectedVersion: 1 }),
      ),
    );
    expect(answers.filter(({ __typename }) => __typename === 'Updated')).toHaveLength(1);
    expect(answers.filter(({ code }) => code === 'VERSION_MISMATCH')).toHaveLength(19);
  });

  test('of many customers to one email give it to one of them', async () => {
    const partner = gateway.nextPartner();
    const customers = await Promise.all(Array.from({ length: 20 }, () => created(partner)));
    const email = newEmail();
    const answers = await Promise.all(customers.map(({ uuid }) => update(partner, uuid, { email })));
    expect(answers.filter(({ __typename }) => __typename === 'Updated')).toHaveLength(1);
    expect(answers.filter(({ code }) => code === 'EMAIL_EXISTS')).toHaveLength(19);
  });
});
