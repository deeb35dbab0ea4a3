import { z } from 'zod';
import { email, httpUrl, identifier, lines, optionalText, requiredText } from '../validation/text-rules.js';
import { contacts } from './contact-rules.js';
import { CustomerStatus } from './customer-status.js';
import { limits } from './limits.js';
import { metadata } from './metadata-rules.js';

/** The parts of an address, each cleaned and checked. */
export const addressRules = z.object({
  street: optionalText(limits.addressPart),
  city: optionalText(limits.addressPart),
  state: optionalText(limits.addressPart),
  zipCode: optionalText(limits.zipCode),
  country: optionalText(limits.addressPart),
});

const address = addressRules.nullish().transform((parts) => (parts ? addressOrNull(parts) : null));

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

/**
 * The names of a customer's text fields. Statements, mapping, merging and CSV columns are derived from them: a new text field is added
 * to the entity, the GraphQL type, the GraphQL input and {@link customerText}.
 */
export const textFields = customerText.keyof().options;

/** The name of a text field of a customer. */
export type TextField = (typeof textFields)[number];

/** The values of a customer's text fields. */
export type CustomerText = z.output<typeof customerText>;

/** Text fields that a call provides. `null` clears a field, an absent field is left unchanged. */
type ProvidedText = { readonly [Field in TextField]?: CustomerText[Field] | undefined };

/** The text fields of an object, and nothing else of it. */
export const pickText = (source: CustomerText): CustomerText => mergeText(source, {});

/** The text fields of an object, replaced by those that are provided. */
export function mergeText(current: CustomerText, provided: ProvidedText): CustomerText;
export function mergeText(current: CustomerText, provided: ProvidedText): Partial<CustomerText> {
  const valueOf = (field: TextField) => (provided[field] === undefined ? current[field] : provided[field]);
  return Object.fromEntries(textFields.map((field) => [field, valueOf(field)]));
}

/** A new customer. */
export const newCustomer = customerText.extend({
  status: z.transform((status: CustomerStatus | null | undefined) => status ?? CustomerStatus.ACTIVE),
  metadata,
  billingAddress: address,
  shippingAddress: address,
  contacts,
});

/** A valid customer: normalized text, nothing undefined, `null` in place of an empty address. */
export type CustomerDraft = z.output<typeof newCustomer>;

/** An address, or null if it has no part. */
export function addressOrNull(parts: z.output<typeof addressRules>) {
  return Object.values(parts).some((part) => part !== null) ? parts : null;
}
