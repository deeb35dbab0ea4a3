import { z } from 'zod';
import { FieldErrorCode } from '../../validation/field-error-code.js';
import { type Checked, fieldErrors } from '../../validation/field-errors.js';
import { tooMany } from '../../validation/list-of.js';
import { report } from '../../validation/text-rules.js';
import { addressOrNull, addressRules, customerText, mergeText } from '../customer-rules.js';
import { type CustomerStatus } from '../customer-status.js';
import { type Address, type NewCustomer, type StoredCustomer } from '../new-customer.js';
import { limits } from '../limits.js';
import { mergeMetadata, providedMetadata } from '../metadata-rules.js';
import { checkContacts, contactUpdates, mergeContacts } from './contact-updates.js';
import { providedOr } from './provided-or.js';
import { type UpdateCustomerInput } from './update-customer.input.js';

const address = addressRules.partial().nullish();

const status = z.transform((value: CustomerStatus | null, context) => {
  if (value !== null) return value;
  report(context, { code: FieldErrorCode.REQUIRED, message: 'must not be null' });
  return z.NEVER;
});

const changes = customerText.partial().extend({
  status: status.optional(),
  metadata: providedMetadata.nullish(),
  billingAddress: address,
  shippingAddress: address,
  contacts: contactUpdates.nullish(),
});

type Changes = z.output<typeof changes>;

/** An update applied to a customer, to be stored. */
export interface CustomerUpdate {
  readonly draft: NewCustomer;
  /** The version of the customer to which the update was applied. */
  readonly version: number;
  /** Whether any field was provided. */
  readonly isChanged: boolean;
  readonly hasChangedContacts: boolean;
}

/** Normalizes and checks an update and applies it to the current customer. */
export function applyUpdate(current: StoredCustomer, input: UpdateCustomerInput): Checked<CustomerUpdate> {
  const parsed = changes
    .superRefine((provided, context) => check(context, current, provided))
    .safeParse(input);
  if (!parsed.success) return { errors: fieldErrors(parsed.error) };
  const provided = parsed.data;
  return {
    draft: merge(current, provided),
    version: current.version,
    isChanged: Object.values(provided).some((value) => value !== undefined),
    hasChangedContacts: Boolean(provided.contacts),
  };
}

function check(context: z.RefinementCtx, current: StoredCustomer, { metadata, contacts }: Changes): void {
  if (metadata && mergeMetadata(current.metadata, metadata).length > limits.metadataEntries) {
    report(context, tooMany(limits.metadataEntries), ['metadata']);
  }
  if (contacts) checkContacts(context, current.contacts, contacts);
}

function merge(current: StoredCustomer, provided: Changes): NewCustomer {
  return {
    uuid: current.uuid,
    ...mergeText(current, provided),
    status: providedOr(provided.status, current.status),
    metadata: provided.metadata === null ? [] : mergeMetadata(current.metadata, provided.metadata ?? []),
    billingAddress: mergeAddress(current.billingAddress, provided.billingAddress),
    shippingAddress: mergeAddress(current.shippingAddress, provided.shippingAddress),
    contacts: provided.contacts
      ? mergeContacts(current.contacts, provided.contacts).map(({ contact }) => contact)
      : current.contacts,
  };
}

function mergeAddress(current: Address | null, provided: Changes['billingAddress']): Address | null {
  if (!provided) return providedOr(provided, current);
  return addressOrNull({
    street: providedOr(provided.street, current?.street ?? null),
    city: providedOr(provided.city, current?.city ?? null),
    state: providedOr(provided.state, current?.state ?? null),
    zipCode: providedOr(provided.zipCode, current?.zipCode ?? null),
    country: providedOr(provided.country, current?.country ?? null),
  });
}
