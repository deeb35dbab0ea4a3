import { emailKey, nameKey, searchText } from '../../dist/src/customers/text-keys.js';
import { randomUUID } from 'node:crypto';
import { TEAM_ID } from './signed-app.ts';

interface Address {
  readonly street?: string | null;
  readonly city?: string | null;
  readonly state?: string | null;
  readonly zipCode?: string | null;
  readonly country?: string | null;
}

interface Contact {
  readonly firstName?: string | null;
  readonly lastName?: string | null;
  readonly email?: string | null;
  readonly phone?: string | null;
  readonly isPrimary?: boolean | null;
}

export interface CustomerInput {
  readonly customer: string;
  readonly email: string;
  readonly mainPhone?: string | null;
  readonly website?: string | null;
  readonly status?: string | null;
  readonly externalId?: string | null;
  readonly notes?: string | null;
  readonly taxNumber?: string | null;
  readonly paymentTerm?: string | null;
  readonly metadata?: readonly { readonly key: string; readonly value?: string | null }[] | null;
  readonly billingAddress?: Address | null;
  readonly shippingAddress?: Address | null;
  readonly contacts?: readonly Contact[] | null;
}

/** Types of a customer's columns that are filled here, by their names. */
export const customerColumns = {
  id: 'uuid',
  team_id: 'uuid',
  name: 'text',
  email: 'text',
  main_phone: 'text',
  website: 'text',
  status: 'text',
  external_id: 'text',
  notes: 'text',
  tax_number: 'text',
  payment_term: 'text',
  metadata: 'jsonb',
  billing_street: 'text',
  billing_city: 'text',
  billing_state: 'text',
  billing_zip_code: 'text',
  billing_country: 'text',
  shipping_street: 'text',
  shipping_city: 'text',
  shipping_state: 'text',
  shipping_zip_code: 'text',
  shipping_country: 'text',
};

/** The same with the texts that the gateway computes of a customer, which a statement that stores one needs too. */
export const storedColumns = { ...customerColumns, email_key: 'text', name_key: 'text', search_text: 'text' };

/** The same of a contact. */
export const contactColumns = {
  id: 'uuid',
  customer_id: 'uuid',
  position: 'smallint',
  first_name: 'text',
  last_name: 'text',
  email: 'text',
  phone: 'text',
  is_primary: 'boolean',
};

/** A row to store, a value for each column and in their order. */
type Row<Columns> = Readonly<Record<keyof Columns, unknown>>;

/** A customer with its contacts, as its rows and as it is answered once it is stored. */
export interface NewCustomer {
  readonly uuid: string;
  readonly row: Row<typeof storedColumns>;
  readonly contactRows: readonly Row<typeof contactColumns>[];
  readonly stored: (at: Date) => object;
}

export function newCustomer(input: CustomerInput): NewCustomer {
  const uuid = randomUUID();
  const { customer: name, email, billingAddress: billing, shippingAddress: shipping } = input;
  const contacts = (input.contacts ?? []).map((contact) => ({
    uuid: randomUUID(),
    firstName: contact.firstName ?? null,
    lastName: contact.lastName ?? null,
    email: contact.email ?? null,
    phone: contact.phone ?? null,
    isPrimary: contact.isPrimary ?? false,
  }));
  const status = input.status ?? 'ACTIVE';
  const metadata = Object.fromEntries((input.metadata ?? []).map(({ key, value }) => [key, value]));
  return {
    uuid,
    row: {
      id: uuid,
      team_id: TEAM_ID,
      name,
      email,
      main_phone: input.mainPhone,
      website: input.website,
      status,
      external_id: input.externalId,
      notes: input.notes,
      tax_number: input.taxNumber,
      payment_term: input.paymentTerm,
      metadata,
      billing_street: billing?.street,
      billing_city: billing?.city,
      billing_state: billing?.state,
      billing_zip_code: billing?.zipCode,
      billing_country: billing?.country,
      shipping_street: shipping?.street,
      shipping_city: shipping?.city,
      shipping_state: shipping?.state,
      shipping_zip_code: shipping?.zipCode,
      shipping_country: shipping?.country,
      email_key: emailKey(email),
      name_key: nameKey(name),
      search_text: searchText({ customer: name, email, mainPhone: input.mainPhone ?? null }),
    },
    contactRows: contacts.map((contact, position) => ({
      id: contact.uuid,
      customer_id: uuid,
      position,
      first_name: contact.firstName,
      last_name: contact.lastName,
      email: contact.email,
      phone: contact.phone,
      is_primary: contact.isPrimary,
    })),
    stored: (at) => ({
      uuid,
      customer: name,
      email,
      mainPhone: input.mainPhone ?? null,
      website: input.website ?? null,
      status,
      externalId: input.externalId ?? null,
      notes: input.notes ?? null,
      taxNumber: input.taxNumber ?? null,
      paymentTerm: input.paymentTerm ?? null,
      metadata: toEntries(metadata),
      billingAddress: billing ?? null,
      shippingAddress: shipping ?? null,
      contacts,
      version: 1,
      createdAt: at,
      updatedAt: at,
    }),
  };
}

/** JSON that PostgreSQL keeps, as the list that the schema has. */
export function toEntries(metadata: object) {
  return Object.entries(metadata)
    .map(([key, value]) => ({ key, value }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
}
