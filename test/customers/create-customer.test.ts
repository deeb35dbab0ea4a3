import { beforeAll, describe, expect, test } from 'vitest';
import { address, newCustomer } from '../support/customers.js';
import { query } from '../support/database.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { CREATE_CUSTOMER } from '../support/operations.js';
import { sharedResources } from '../support/resources.js';
import { newEmail } from '../support/signed-client.js';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let gateway: TestGateway;
const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(await startTestGateway({}, 20), (it) => it.close());
});

describe('createCustomer', () => {
  test.each([
    [
      'that differ, of four bytes each',
      (index: number) => String.fromCodePoint(0x2_00_00 + ((index * 7_919) % 42_000)),
    ],
    ['that become several in a search', (index: number) => 'ﷺﷲ㌖㍙㌀'[index % 5] ?? ''],
    ['that become several in upper case', (index: number) => 'ΐᾷﬃßŉ'[index % 5] ?? ''],
  ])('stores the longest customer of letters %s', async (_case, letter) => {
    const letters = (length: number) => Array.from({ length }, (_, index) => letter(index)).join('');
    const label = (length: number) => 'x'.repeat(length);
    const email = `${'ﷺ'.repeat(21)}@${label(63)}.${label(63)}.${label(40)}.example`;
    const input = { customer: letters(255), email, mainPhone: letters(50) };
    const partner = gateway.nextPartner();
    const answer = await partner.send(CREATE_CUSTOMER, { input });
    expect(answer.json.data.createCustomer).toMatchObject({ __typename: 'Created', data: input });
    const search = `query ($search: String) { customers(search: $search) { records { email } } }`;
    const found = await partner.send(search, { search: letters(255) });
    expect(found.json).toEqual({ data: { customers: { records: [{ email }] } } });
  });

  test('stores a customer with addresses and contacts and answers Created with all of it', async () => {
    const email = newEmail();
    const shippingAddress = { ...address, street: '2 Dock Rd' };
    const ada = {
      firstName: 'Ada',
      lastName: 'Lovelace',
      email: 'ada@example.com',
      phone: '1',
      isPrimary: true,
    };
    const bob = { firstName: 'Bob' };
    const answer = await gateway.nextPartner().send(CREATE_CUSTOMER, {
      input: {
        customer: 'Acme',
        email,
        mainPhone: '+1 555 0100',
        website: 'https://acme.example/x?y=1',
        status: 'INACTIVE',
        externalId: 'crm-42',
        notes: 'Pays late.\nCall first.',
        taxNumber: 'NO 923 609 016 MVA',
        paymentTerm: 'Net 30',
        metadata: [
          { key: 'tier', value: 'gold' },
          { key: '__proto__', value: '1' },
          { key: 'empty', value: ' ' },
        ],
        billingAddress: address,
        shippingAddress,
        contacts: [ada, bob],
      },
    });

    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({
      data: {
        createCustomer: {
          __typename: 'Created',
          status: 'success',
          message: 'Customer created.',
          replayed: false,
          data: {
            uuid: expect.stringMatching(UUID_V7),
            customer: 'Acme',
            email,
            mainPhone: '+1 555 0100',
            website: 'https://acme.example/x?y=1',
            status: 'INACTIVE',
            externalId: 'crm-42',
            notes: 'Pays late.\nCall first.',
            taxNumber: 'NO 923 609 016 MVA',
            paymentTerm: 'Net 30',
            metadata: [
              { key: '__proto__', value: '1' },
              { key: 'tier', value: 'gold' },
            ],
            billingAddress: address,
            shippingAddress,
            contacts: [
              { uuid: expect.stringMatching(UUID_V7), ...ada },
              {
                uuid: expect.stringMatching(UUID_V7),
                firstName: 'Bob',
                lastName: null,
                email: null,
                phone: null,
                isPrimary: false,
              },
            ],
            version: 1,
            createdAt: expect.stringMatching(ISO_TIME),
            updatedAt: expect.stringMatching(ISO_TIME),
          },
        },
      },
    });
  });

  test('needs a name and an email only; the rest is null, ACTIVE and empty', async () => {
    const answer = await gateway.nextPartner().send(CREATE_CUSTOMER, {
      input: newCustomer(),
    });
    expect(answer.json.data.createCustomer.data).toMatchObject({
      mainPhone: null,
      website: null,
      status: 'ACTIVE',
      externalId: null,
      notes: null,
      taxNumber: null,
      paymentTerm: null,
      metadata: [],
      billingAddress: null,
      shippingAddress: null,
      contacts: [],
    });
  });

  test('takes partial addresses, and one with nothing in it for none', async () => {
    const answer = await gateway.nextPartner().send(CREATE_CUSTOMER, {
      input: newCustomer({ billingAddress: { city: 'Oslo' }, shippingAddress: { city: ' ' } }),
    });
    expect(answer.json.data.createCustomer.data).toMatchObject({
      billingAddress: { street: null, city: 'Oslo', state: null, zipCode: null, country: null },
      shippingAddress: null,
    });
  });

  test('trims text and brings it to NFC', async () => {
    const email = newEmail();
    const answer = await gateway.nextPartner().send(CREATE_CUSTOMER, {
      input: { customer: '  Cafe\u0301 \n', email: ` ${email} `, mainPhone: '   ' },
    });
    expect(answer.json.data.createCustomer.data).toMatchObject({
      customer: 'Caf\u00e9',
      email,
      mainPhone: null,
    });
  });

  test('answers ValidationError with every field that is wrong, and stores nothing', async () => {
    const partner = gateway.nextPartner();
    const answer = await partner.send(CREATE_CUSTOMER, {
      input: {
        customer: ' ',
        email: 'nobody',
        mainPhone: '5'.repeat(51),
        website: 'ftp://acme.example',
        billingAddress: { zipCode: '1'.repeat(21) },
        contacts: [{ firstName: 'A\u0000', isPrimary: true }, { email: 'x@', isPrimary: true }, {}],
      },
    });
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({
      data: {
        createCustomer: {
          __typename: 'ValidationError',
          status: 'error',
          message: 'The input is not valid.',
          code: 'VALIDATION_FAILED',
          errors: [
            { path: 'customer', message: 'must not be blank', code: 'REQUIRED' },
            { path: 'email', message: 'must be a valid email address', code: 'INVALID_EMAIL' },
            { path: 'mainPhone', message: 'must have at most 50 characters', code: 'TOO_LONG' },
            { path: 'website', message: 'must be an http or https URL', code: 'INVALID_URL' },
            { path: 'billingAddress.zipCode', message: 'must have at most 20 characters', code: 'TOO_LONG' },
            {
              path: 'contacts.0.firstName',
              message: 'must not contain control characters',
              code: 'INVALID_CHARACTERS',
            },
            { path: 'contacts.1.email', message: 'must be a valid email address', code: 'INVALID_EMAIL' },
            { path: 'contacts.2', message: 'must have a name, an email or a phone number', code: 'REQUIRED' },
            {
              path: 'contacts.1.isPrimary',
              message: 'must be false: another contact is already primary',
              code: 'MULTIPLE_PRIMARY',
            },
          ],
        },
      },
    });
    const rows = await query(gateway.databaseUrl, 'select 1 from customer where team_id = $1', [
      partner.teamId,
    ]);
    expect(rows).toHaveLength(0);
  });

  test('answers Conflict to an email that the team has in another case, and stores nothing of it', async () => {
    const partner = gateway.nextPartner();
    const input = newCustomer({ contacts: [{ firstName: 'Ada' }] });
    await partner.send(CREATE_CUSTOMER, { input });
    const answer = await partner.send(CREATE_CUSTOMER, {
      input: { ...input, email: input.email.toUpperCase() },
    });

    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({
      data: {
        createCustomer: {
          __typename: 'Conflict',
          status: 'error',
          message: 'A customer with this email already exists.',
          code: 'EMAIL_EXISTS',
          details: { field: 'email', currentVersion: null },
        },
      },
    });
    const [counts] = await query(
      gateway.databaseUrl,
      'select count(distinct c.id)::int customers, count(k.id)::int contacts from customer c left join contact k on k.customer_id = c.id where team_id = $1',
      [partner.teamId],
    );
    expect(counts).toEqual({ customers: 1, contacts: 1 });
  });

  test('answers Conflict to an external id that the team has, whose case counts', async () => {
    const partner = gateway.nextPartner();
    const create = async (email: string, externalId: string) => {
      const answer = await partner.send(CREATE_CUSTOMER, { input: { customer: 'A', email, externalId } });
      const { __typename, code, message, details } = answer.json.data.createCustomer;
      return { __typename, code, message, details };
    };
    const email = newEmail();
    expect(await create(email, 'a-1')).toMatchObject({ __typename: 'Created' });
    expect(await create(newEmail(), 'A-1')).toMatchObject({ __typename: 'Created' });
    expect(await create(newEmail(), ' a-1 ')).toEqual({
      __typename: 'Conflict',
      code: 'EXTERNAL_ID_EXISTS',
      message: 'A customer with this external ID already exists.',
      details: { field: 'externalId', currentVersion: null },
    });
    expect(await create(email, 'a-2')).toMatchObject({ code: 'EMAIL_EXISTS' });
    expect(await create(email, 'a-1')).toMatchObject({ code: 'EMAIL_EXISTS' });
  });

  test('lets another team have the same external id', async () => {
    for (const partner of [gateway.nextPartner(), gateway.nextPartner()]) {
      const input = newCustomer({ externalId: 'shared' });
      const answer = await partner.send(CREATE_CUSTOMER, { input });
      expect(answer.json.data.createCustomer.__typename).toBe('Created');
    }
  });

  test('creates exactly one of many that arrive at once with one external id', async () => {
    const partner = gateway.nextPartner();
    const answers = await Promise.all(
      Array.from({ length: 40 }, () =>
        partner.send(CREATE_CUSTOMER, { input: newCustomer({ externalId: 'one' }) }),
      ),
    );
    const outcomes = answers.map(({ json }) => json.data.createCustomer);
    expect(outcomes.filter(({ __typename }) => __typename === 'Created')).toHaveLength(1);
    expect(outcomes.filter(({ code }) => code === 'EXTERNAL_ID_EXISTS')).toHaveLength(39);
  });

  test('compares emails beyond ASCII without regard to case', async () => {
    const partner = gateway.nextPartner();
    const local = crypto.randomUUID();
    const first = await partner.send(CREATE_CUSTOMER, {
      input: { customer: 'A', email: `é${local}@example.com` },
    });
    const second = await partner.send(CREATE_CUSTOMER, {
      input: { customer: 'A', email: `É${local}@example.com` },
    });
    expect(first.json.data.createCustomer.__typename).toBe('Created');
    expect(second.json.data.createCustomer.__typename).toBe('Conflict');
  });

  test('lets another team have the same email', async () => {
    const input = newCustomer();
    for (const partner of [gateway.nextPartner(), gateway.nextPartner()]) {
      const answer = await partner.send(CREATE_CUSTOMER, { input });
      expect(answer.json.data.createCustomer.__typename).toBe('Created');
    }
  });

  test('creates exactly one of many that arrive at once with one email; the others are conflicts', async () => {
    const partner = gateway.nextPartner();
    const input = newCustomer({ contacts: [{ firstName: 'Ada' }] });
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        partner.send(CREATE_CUSTOMER, {
          input: { ...input, email: index % 2 === 0 ? input.email : input.email.toUpperCase() },
        }),
      ),
    );
    const outcomes = answers.map((answer) => answer.json.data.createCustomer.__typename);
    expect(outcomes.filter((outcome) => outcome === 'Created')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'Conflict')).toHaveLength(39);
  });

  test('answers RateLimited past the limit, with how long to wait', async () => {
    const partner = gateway.nextPartner();
    await Promise.all(
      Array.from({ length: 100 }, () => partner.send('{ customerByEmail(email: "x") { uuid } }')),
    );
    const before = Date.now();
    const answer = await partner.send(CREATE_CUSTOMER, { input: newCustomer() });

    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({
      data: {
        createCustomer: {
          __typename: 'RateLimited',
          status: 'error',
          message: 'Too many requests.',
          code: 'RATE_LIMIT_EXCEEDED',
          details: {
            limit: 100,
            remaining: 0,
            resetAt: expect.stringMatching(ISO_TIME),
            retryAfterSeconds: expect.any(Number),
          },
        },
      },
    });
    const { resetAt, retryAfterSeconds } = answer.json.data.createCustomer.details;
    expect(retryAfterSeconds).toBeGreaterThanOrEqual(1);
    expect(retryAfterSeconds).toBeLessThanOrEqual(60);
    expect(Date.parse(resetAt) - before).toBeLessThanOrEqual(60_000);
    expect(answer.headers).toMatchObject({
      'ratelimit-limit': '100',
      'ratelimit-remaining': '0',
      'ratelimit-reset': String(retryAfterSeconds),
      'retry-after': String(retryAfterSeconds),
    });
  });
});
