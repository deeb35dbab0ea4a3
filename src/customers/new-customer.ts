import { newUuid } from '../database/uuid.js';
import { type ContactRow, type CustomerRow } from './columns.js';
import { type CustomerDraft } from './customer-rules.js';

/** A customer to store, with the IDs of it and its contacts. */
export type NewCustomer = CustomerRow & {
  readonly contacts: readonly (CustomerDraft['contacts'][number] & { readonly uuid: string })[];
};

/** A customer as it is stored. */
export type StoredCustomer = NewCustomer & {
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** A contact of a stored customer. */
export type StoredContact = StoredCustomer['contacts'][number];

/** A postal address with at least one part. */
export type Address = NonNullable<CustomerDraft['billingAddress']>;

/** Gives a draft and its contacts IDs, by default new ones. */
export function assignIds(draft: CustomerDraft, nextId: () => string = newUuid): NewCustomer {
  return {
    ...draft,
    uuid: nextId(),
    contacts: draft.contacts.map((contact) => ({ ...contact, uuid: nextId() })),
  };
}

/** A draft's contacts as rows, in their order. */
export function contactRows({ uuid, contacts }: NewCustomer): ContactRow[] {
  return contacts.map((contact, position) => ({ ...contact, customer: uuid, position }));
}

/** The stored customer that a draft has become. */
export function toCustomer(draft: NewCustomer, createdAt: Date): StoredCustomer {
  return { ...draft, version: 1, createdAt, updatedAt: createdAt };
}
