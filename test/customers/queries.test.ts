import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { CREATE_CUSTOMER, newEmail, type SignedClient } from '../support/signed-client.js';

const PARTS = `{
  uuid customer email mainPhone website status
  billingAddress { street city state zipCode country }
  shippingAddress { street city state zipCode country }
  contacts { uuid firstName lastName email phone isPrimary }
  createdAt updatedAt
}`;
const BY_UUID = `query ($uuid: UUID!) { customer(uuid: $uuid) ${PARTS} }`;
const BY_EMAIL = `query ($email: String!) { customerByEmail(email: $email) ${PARTS} }`;

let gateway: TestGateway;
let owner: SignedClient;
let stranger: SignedClient;
let created: { uuid: string; email: string };
beforeAll(async () => {
  gateway = await startTestGateway();
  owner = gateway.nextPartner();
  stranger = gateway.nextPartner();
  const input = {
    customer: 'Acme',
    email: `Mixed.${newEmail()}`,
    billingAddress: { city: 'Oslo' },
    contacts: Array.from({ length: 12 }, (_, index) => ({
      firstName: `Contact ${index}`,
      isPrimary: index === 3,
    })),
  };
  created = (await owner.send(CREATE_CUSTOMER, { input })).json.data.createCustomer.data;
});
afterAll(() => gateway.close());

describe('customer', () => {
  test('reads back exactly what createCustomer answered', async () => {
    const answer = await owner.send(BY_UUID, { uuid: created.uuid });
    expect(answer.json).toEqual({ data: { customer: created } });
  });

  test("does not see another team's customer", async () => {
    const answer = await stranger.send(BY_UUID, { uuid: created.uuid });
    expect(answer.json).toEqual({ data: { customer: null } });
  });

  test('is null for an id that nobody has', async () => {
    const answer = await owner.send(BY_UUID, { uuid: crypto.randomUUID() });
    expect(answer.json).toEqual({ data: { customer: null } });
  });

  test('refuses an id that is no UUID as bad input', async () => {
    const answer = await owner.send(BY_UUID, { uuid: '42' });
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
