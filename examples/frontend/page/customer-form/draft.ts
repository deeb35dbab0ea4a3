import type { CreateCustomerInput, CustomerStatus } from '../../generated/graphql';

export const ADDRESS_PARTS = ['street', 'city', 'state', 'zipCode', 'country'] as const;
export const CONTACT_PARTS = ['firstName', 'lastName', 'email', 'phone', 'isPrimary'] as const;

/** The address fields of the form. Empty text means no value. */
export type AddressDraft = Readonly<Record<(typeof ADDRESS_PARTS)[number], string>>;

export interface ContactDraft {
  /** React key of the contact. Not sent. */
  readonly id: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly phone: string;
  readonly isPrimary: boolean;
}

/** The current values of the form. */
export interface Draft {
  readonly customer: string;
  readonly email: string;
  readonly mainPhone: string;
  readonly website: string;
  readonly status: CustomerStatus;
  readonly billingAddress: AddressDraft;
  readonly shippingAddress: AddressDraft;
  /** Whether the billing address is also the shipping address. */
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

/** Adds an empty contact. The first contact is primary. */
export function withNewContact(contacts: readonly ContactDraft[]): readonly ContactDraft[] {
  const isPrimary = contacts.length === 0;
  const id = crypto.randomUUID();
  return [...contacts, { id, firstName: '', lastName: '', email: '', phone: '', isPrimary }];
}

/** Replaces a contact. If it is primary, all others become non-primary. */
export function withContact(
  contacts: readonly ContactDraft[],
  changed: ContactDraft,
): readonly ContactDraft[] {
  return contacts.map((contact) => {
    if (contact.id === changed.id) return changed;
    return changed.isPrimary ? { ...contact, isPrimary: false } : contact;
  });
}

/** Converts the form to the mutation's input. The gateway treats empty text as absent. */
export function toInput({ isSameAddress, contacts, ...draft }: Draft): CreateCustomerInput {
  return {
    ...draft,
    shippingAddress: isSameAddress ? draft.billingAddress : draft.shippingAddress,
    contacts: contacts.map(({ id: _id, ...contact }) => contact),
  };
}
