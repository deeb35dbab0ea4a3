import { expect } from 'vitest';
import { CREATE_CUSTOMER } from './operations.js';
import { newEmail, type SignedClient } from './signed-client.js';

/** An address with every field set. */
export const address = {
  street: '1 Main St',
  city: 'Austin',
  state: 'TX',
  zipCode: '78701',
  country: 'US',
};

/** A contact with every field set. */
export const ada = {
  firstName: 'Ada',
  lastName: 'Lovelace',
  email: 'ada@example.com',
  phone: '1',
  isPrimary: true,
};

/** A contact with only a first name. */
export const bob = { firstName: 'Bob', lastName: null, email: null, phone: null, isPrimary: false };

/** The required fields of a `CreateCustomerInput`, with an unused email. */
export function newCustomer(): { customer: string; email: string };
export function newCustomer<Overrides extends object>(
  overrides: Overrides,
): { customer: string; email: string } & Overrides;
export function newCustomer(overrides: object = {}): { customer: string; email: string } {
  return { customer: 'Acme', email: newEmail(), ...overrides };
}

/** A `CreateCustomerInput` with every field set, none to its default. */
export const fullCustomer = () =>
  newCustomer({
    mainPhone: '+1 555 0100',
    website: 'https://acme.example',
    status: 'INACTIVE',
    externalId: crypto.randomUUID(),
    notes: 'Pays late.',
    taxNumber: 'NO 923',
    paymentTerm: 'Net 30',
    metadata: [
      { key: 'a', value: '1' },
      { key: 'b', value: '2' },
    ],
    billingAddress: address,
    shippingAddress: { ...address, street: '2 Dock Rd' },
    contacts: [ada, bob],
  });

/** Sends `createCustomer`, expects `Created`, and returns the customer. */
export async function createCustomer(partner: SignedClient, overrides: object = {}) {
  const answer = await partner.send(CREATE_CUSTOMER, { input: newCustomer(overrides) });
  expect(answer.json).toMatchObject({ data: { createCustomer: { __typename: 'Created' } } });
  return answer.json.data.createCustomer.data;
}
