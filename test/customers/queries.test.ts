import { beforeAll, describe, expect, test } from 'vitest';
import { createCustomer } from '../support/customers.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { CUSTOMER, READ_CUSTOMER } from '../support/operations.js';
import { sharedResources } from '../support/resources.js';
import { newEmail, type SignedClient } from '../support/signed-client.js';

const BY_EXTERNAL_ID = `query ($externalId: String!) { customerByExternalId(externalId: $externalId) ${CUSTOMER} }`;
const BY_EMAIL = `query ($email: String!) { customerByEmail(email: $email) ${CUSTOMER} }`;

let gateway: TestGateway;
let owner: SignedClient;
let stranger: SignedClient;
let created: { uuid: string; email: string };
const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(await startTestGateway({}, 2), (it) => it.close());
  owner = gateway.nextPartner();
  stranger = gateway.nextPartner();
  created = await createCustomer(owner, {
    email: `Mixed.${newEmail()}`,
    externalId: 'Mixed-1',
    notes: 'Pays late.',
    metadata: [
      { key: 'b', value: '2' },
      { key: 'aa', value: '1' },
      { key: '__proto__', value: 'x' },
    ],
    billingAddress: { city: 'Oslo' },
    contacts: Array.from({ length: 12 }, (_, index) => ({
      firstName: `Contact ${index}`,
      isPrimary: index === 3,
    })),
  });
});

describe('a UUID', () => {
  const read = (uuid: string) =>
    owner.send('query ($uuid: UUID!) { customer(uuid: $uuid) { uuid } }', { uuid });

  test('may have braces and upper case, and is the same customer', async () => {
    for (const uuid of [created.uuid.toUpperCase(), `{${created.uuid}}`]) {
      expect((await read(uuid)).json).toEqual({ data: { customer: { uuid: created.uuid } } });
    }
  });

  test.each([
    ['one brace before', (uuid: string) => `{${uuid}`],
    ['one brace behind', (uuid: string) => `${uuid}}`],
    ['brackets', (uuid: string) => `(${uuid})`],
    ['no hyphens', (uuid: string) => uuid.replaceAll('-', '')],
    ['a line break', (uuid: string) => `${uuid}\n`],
    ['nothing else', () => ''],
  ])('with %s is a bad value', async (_case, change) => {
    const uuid = change(created.uuid);
    const inline = await owner.send(`{ customer(uuid: ${JSON.stringify(uuid)}) { uuid } }`);
    for (const answer of [await read(uuid), inline]) {
      expect(answer.json.errors[0].extensions.code).toMatch(/^(BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED)$/);
      expect(answer.json.data).toBeUndefined();
    }
  });
});

test('an operation of a kind that the schema does not have is not valid', async () => {
  const { status, json } = await owner.send('subscription { customer { uuid } }');
  expect([status, json.errors[0].extensions.code]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
  expect(json.errors[0].message).toBe('The schema has no subscription type.');
});

describe('customer', () => {
  test('reads back exactly what createCustomer answered', async () => {
    const answer = await owner.send(READ_CUSTOMER, { uuid: created.uuid });
    expect(answer.json).toEqual({ data: { customer: created } });
  });

  test("does not see another team's customer", async () => {
    const answer = await stranger.send(READ_CUSTOMER, { uuid: created.uuid });
    expect(answer.json).toEqual({ data: { customer: null } });
  });

  test('is null for an unknown ID', async () => {
    const answer = await owner.send(READ_CUSTOMER, { uuid: crypto.randomUUID() });
    expect(answer.json).toEqual({ data: { customer: null } });
  });

  test('refuses an id that is no UUID as bad input', async () => {
    const answer = await owner.send(READ_CUSTOMER, { uuid: '42' });
    expect(answer.status).toBe(400);
    expect(answer.json.errors[0].extensions.code).toBe('BAD_USER_INPUT');
  });
});

describe('customerByEmail', () => {
  test('finds the exact email in any case, with space around it', async () => {
    const answer = await owner.send(BY_EMAIL, { email: ` ${created.email.toUpperCase()} ` });
    expect(answer.json).toEqual({ data: { customerByEmail: created } });
  });

  test.each([
    ['a part of it', () => created.email.slice(1)],
    ['a pattern', () => '%'],
    ['text that PostgreSQL cannot store', () => 'a\u0000@example.com'],
    ['half of a surrogate pair', () => '\ud800@example.com'],
    ['nothing', () => ''],
  ])('finds nothing by %s', async (_case, email) => {
    const answer = await owner.send(BY_EMAIL, { email: email() });
    expect(answer.json).toEqual({ data: { customerByEmail: null } });
  });

  test("does not see another team's customer", async () => {
    const answer = await stranger.send(BY_EMAIL, { email: created.email });
    expect(answer.json).toEqual({ data: { customerByEmail: null } });
  });
});

describe('customerByExternalId', () => {
  test('finds the exact external id, with space around it', async () => {
    const answer = await owner.send(BY_EXTERNAL_ID, { externalId: ' Mixed-1 ' });
    expect(answer.json).toEqual({ data: { customerByExternalId: created } });
  });

  test.each([
    ['another case', 'mixed-1'],
    ['a part of it', 'Mixed'],
    ['text that PostgreSQL cannot store', 'a\u0000'],
  ])('finds nothing by %s', async (_case, externalId) => {
    const answer = await owner.send(BY_EXTERNAL_ID, { externalId });
    expect(answer.json).toEqual({ data: { customerByExternalId: null } });
  });

  test("does not see another team's customer", async () => {
    const answer = await stranger.send(BY_EXTERNAL_ID, { externalId: 'Mixed-1' });
    expect(answer.json).toEqual({ data: { customerByExternalId: null } });
  });
});
