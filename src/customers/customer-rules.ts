import { z } from 'zod';
import { email, httpUrl, identifier, lines, optionalText, requiredText } from '../validation/text-rules.js';
import { contacts } from './contact-rules.js';
import { CustomerStatus } from './customer-status.js';
import { limits } from './limits.js';
import { metadata } from './metadata-rules.js';

/** The parts of an address, each cleaned and checked. */
export const addressParts = z.object({
  street: optionalText(limits.addressPart),
  city: optionalText(limits.addressPart),
  state: optionalText(limits.addressPart),
  zipCode: optionalText(limits.zipCode),
  country: optionalText(limits.addressPart),
});

const address = addressParts.nullish().transform((parts) => (parts ? addressOrNull(parts) : null));

/** The text of a customer, each field cleaned and checked. */
export const customerText = z.object({
  customer: requiredText(limits.name),
  email: requiredText(limits.email, email),
  mainPhone: optionalText(limits.phone, identifier),
  website: optionalText(limits.website, httpUrl),
  externalId: optionalText(limits.externalId, identifier),
  notes: optionalText(limits.notes, lines),
  taxNumber: optionalText(limits.taxNumber, identifier),
  paymentTerm: optionalText(limits.paymentTerm),
});

/** A new customer. */
export const newCustomer = customerText.extend({
  status: z.transform((status: CustomerStatus | null | undefined) => status ?? CustomerStatus.ACTIVE),
  metadata,
  billingAddress: address,
  shippingAddress: address,
  contacts,
});

/** A customer whose every rule is met: clean text, nothing undefined, an address with no part left out as null. */
export type CustomerDraft = z.output<typeof newCustomer>;

/** An address, or null if it has no part. */
export function addressOrNull(parts: z.output<typeof addressParts>) {
  return Object.values(parts).some((part) => part !== null) ? parts : null;
}
