import type { CreateCustomerInput, CustomerStatus } from '../../generated/graphql';

export const ADDRESS_PARTS = ['street', 'city', 'state', 'zipCode', 'country'] as const;
export const CONTACT_PARTS = ['firstName', 'lastName', 'email', 'phone', 'isPrimary'] as const;

/** An address as it stands in the form: every part is text, and may be empty. */
export type AddressDraft = Readonly<Record<(typeof ADDRESS_PARTS)[number], string>>;

export interface ContactDraft {
  /** Tells contacts apart while they come and go; never sent. */
  readonly id: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly phone: string;
  readonly isPrimary: boolean;
}

/** The form as it is filled in. */
export interface Draft {
  readonly customer: string;
  readonly email: string;
  readonly mainPhone: string;
  readonly website: string;
  readonly status: CustomerStatus;
  readonly billingAddress: AddressDraft;
  readonly shippingAddress: AddressDraft;
  /** Goods go where invoices go. */
  readonly isSameAddress: boolean;
  readonly contacts: readonly ContactDraft[];
}

const EMPTY_ADDRESS: AddressDraft = { street: '', city: '', state: '', zipCode: '', country: '' };

export const EMPTY_DRAFT: Draft = {
  customer: '',
  email: '',
  mainPhone: '',
  website: '',
  status: 'ACTIVE',
  billingAddress: EMPTY_ADDRESS,
  shippingAddress: EMPTY_ADDRESS,
  isSameAddress: true,
  contacts: [],
};

/** Adds an empty contact; the first one is the primary one. */
export function withNewContact(contacts: readonly ContactDraft[]): readonly ContactDraft[] {
  const isPrimary = contacts.length === 0;
  const id = crypto.randomUUID();
  return [...contacts, { id, firstName: '', lastName: '', email: '', phone: '', isPrimary }];
}

/** Puts a changed contact in its place. When it has become primary, no other one stays so. */
export function withContact(
  contacts: readonly ContactDraft[],
  changed: ContactDraft,
): readonly ContactDraft[] {
  return contacts.map((contact) => {
    if (contact.id === changed.id) return changed;
    return changed.isPrimary ? { ...contact, isPrimary: false } : contact;
  });
}

/** The form as the gateway takes it. Empty text may stay: there it counts as absent. */
export function toInput({ isSameAddress, contacts, ...draft }: Draft): CreateCustomerInput {
  return {
    ...draft,
    shippingAddress: isSameAddress ? draft.billingAddress : draft.shippingAddress,
    contacts: contacts.map(({ id: _id, ...contact }) => contact),
  };
}
