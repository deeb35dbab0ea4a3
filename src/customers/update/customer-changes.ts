import { z } from 'zod';
import { FieldErrorCode } from '../../validation/field-error-code.js';
import { type Checked, fieldErrors } from '../../validation/field-errors.js';
import { tooMany } from '../../validation/list-of.js';
import { report } from '../../validation/text-rules.js';
import { addressOrNull, addressParts, customerText } from '../customer-rules.js';
import { type CustomerStatus } from '../customer-status.js';
import { type AddressType, type CustomerType } from '../customer.type.js';
import { type IdentifiedDraft } from '../identified-draft.js';
import { limits } from '../limits.js';
import { mergeMetadata, sentMetadata } from '../metadata-rules.js';
import { checkContacts, contactChanges, mergeContacts } from './contact-changes.js';
import { sentOr } from './sent-or.js';
import { type UpdateCustomerInput } from './update-customer.input.js';

const address = addressParts.partial().nullish();

const status = z.transform((value: CustomerStatus | null, context) => {
  if (value !== null) return value;
  report(context, { code: FieldErrorCode.REQUIRED, message: 'must not be null' });
  return z.NEVER;
});

const changes = customerText.partial().extend({
  status: status.optional(),
  metadata: sentMetadata.nullish(),
  billingAddress: address,
  shippingAddress: address,
  contacts: contactChanges.nullish(),
});

type Changes = z.output<typeof changes>;

/** A customer as a call wants it to be. */
export interface ChangedCustomer {
  readonly draft: IdentifiedDraft;
  /** The version of the customer that it is a change of. */
  readonly version: number;
  /** Whether anything was sent that changes it. */
  readonly isChanged: boolean;
  readonly hasChangedContacts: boolean;
}

/** Cleans what was sent, checks every rule in the light of the customer there is, and puts the two together. */
export function changeCustomer(current: CustomerType, input: UpdateCustomerInput): Checked<ChangedCustomer> {
  const parsed = changes.superRefine((sent, context) => check(context, current, sent)).safeParse(input);
  if (!parsed.success) return { errors: fieldErrors(parsed.error) };
  const sent = parsed.data;
  return {
    draft: merge(current, sent),
    version: current.version,
    isChanged: Object.values(sent).some((value) => value !== undefined),
    hasChangedContacts: Boolean(sent.contacts),
  };
}

function check(context: z.RefinementCtx, current: CustomerType, { metadata, contacts }: Changes): void {
  if (metadata && mergeMetadata(current.metadata, metadata).length > limits.metadataEntries) {
    report(context, tooMany(limits.metadataEntries), ['metadata']);
  }
  if (contacts) checkContacts(context, current.contacts, contacts);
}

function merge(current: CustomerType, sent: Changes): IdentifiedDraft {
  return {
    uuid: current.uuid,
    customer: sentOr(sent.customer, current.customer),
    email: sentOr(sent.email, current.email),
    mainPhone: sentOr(sent.mainPhone, current.mainPhone),
    website: sentOr(sent.website, current.website),
    status: sentOr(sent.status, current.status),
    externalId: sentOr(sent.externalId, current.externalId),
    notes: sentOr(sent.notes, current.notes),
    taxNumber: sentOr(sent.taxNumber, current.taxNumber),
    paymentTerm: sentOr(sent.paymentTerm, current.paymentTerm),
    metadata: sent.metadata === null ? [] : mergeMetadata(current.metadata, sent.metadata ?? []),
    billingAddress: mergeAddress(current.billingAddress, sent.billingAddress),
    shippingAddress: mergeAddress(current.shippingAddress, sent.shippingAddress),
    contacts: sent.contacts
      ? mergeContacts(current.contacts, sent.contacts).map(({ contact }) => contact)
      : current.contacts,
  };
}

function mergeAddress(current: AddressType | null, sent: Changes['billingAddress']): AddressType | null {
  if (!sent) return sentOr(sent, current);
  return addressOrNull({
    street: sentOr(sent.street, current?.street ?? null),
    city: sentOr(sent.city, current?.city ?? null),
    state: sentOr(sent.state, current?.state ?? null),
    zipCode: sentOr(sent.zipCode, current?.zipCode ?? null),
    country: sentOr(sent.country, current?.country ?? null),
  });
}
