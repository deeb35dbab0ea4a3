import { newUuid } from '../database/uuid.js';
import { type ContactRow } from './columns.js';
import { type CustomerDraft } from './customer-rules.js';
import { type CustomerType } from './customer.type.js';

/** A customer to store and the ids that it and its contacts are to have. */
export type IdentifiedDraft = Omit<CustomerDraft, 'contacts'> & {
  readonly uuid: string;
  readonly contacts: readonly (CustomerDraft['contacts'][number] & { readonly uuid: string })[];
};

/** Gives a draft and its contacts ids, by default new ones. */
export function withIds(draft: CustomerDraft, nextId: () => string = newUuid): IdentifiedDraft {
  return {
    ...draft,
    uuid: nextId(),
    contacts: draft.contacts.map((contact) => ({ ...contact, uuid: nextId() })),
  };
}

/** A draft's contacts as rows, in their order. */
export function contactRows({ uuid, contacts }: IdentifiedDraft): ContactRow[] {
  return contacts.map((contact, position) => ({ ...contact, customer: uuid, position }));
}

/** The customer that a draft is once it was stored. */
export function asCreated(draft: IdentifiedDraft, createdAt: Date): CustomerType {
  return { ...draft, version: 1, createdAt, updatedAt: createdAt };
}
