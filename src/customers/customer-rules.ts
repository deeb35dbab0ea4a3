import { z } from 'zod';
import { CustomerStatus } from './customer-status.js';
import { FieldErrorCode } from '../validation/field-error.type.js';
import { limits } from './limits.js';
import { email, httpUrl, optionalText, report, requiredText } from '../validation/text-rules.js';

/** The parts of an address, each cleaned and checked. */
export const addressRules = {
  street: optionalText(limits.addressPart),
  city: optionalText(limits.addressPart),
  state: optionalText(limits.addressPart),
  zipCode: optionalText(limits.zipCode),
  country: optionalText(limits.addressPart),
};

const address = z
  .object(addressRules)
  .nullish()
  .transform((parts) => (parts && Object.values(parts).some((part) => part !== null) ? parts : null));

/** The parts of a contact, each cleaned and checked. */
export const contactRules = {
  firstName: optionalText(limits.name),
  lastName: optionalText(limits.name),
  email: optionalText(limits.email, email),
  phone: optionalText(limits.phone),
  isPrimary: z.transform((isPrimary: boolean | null | undefined) => isPrimary ?? false),
};

export const contact = z.object(contactRules).superRefine((person, context) => {
  if (isNobody(person)) report(context, nobody);
});

/** Whether a contact has nothing to know or to reach it by. */
export function isNobody(person: z.output<z.ZodObject<typeof contactRules>>): boolean {
  return (person.firstName ?? person.lastName ?? person.email ?? person.phone) === null;
}

/** What is wrong with a contact that {@link isNobody}. */
export const nobody = {
  code: FieldErrorCode.REQUIRED,
  message: 'must have a name, an email or a phone number',
};

const contacts = listOf(contact, limits.contacts).superRefine((list, context) => {
  const first = list.findIndex((person) => person.isPrimary);
  for (const [index, person] of list.entries()) {
    if (person.isPrimary && index !== first) report(context, secondPrimary, [index, 'isPrimary']);
  }
});

/** What is wrong with a contact that is primary beside another. */
export const secondPrimary = {
  code: FieldErrorCode.MULTIPLE_PRIMARY,
  message: 'must not be a second primary contact',
};

/** Pairs as they are sent: one without a value says that there is to be no such key. */
export const sentMetadata = listOf(
  z.object({ key: requiredText(limits.metadataKey), value: optionalText(limits.metadataValue) }),
  limits.metadataEntries,
).superRefine((entries, context) => {
  const keys = new Set<string>();
  for (const [index, { key }] of entries.entries()) {
    if (keys.has(key)) report(context, duplicate, [index, 'key']);
    keys.add(key);
  }
});

/** What is wrong with an item that stood before. */
export const duplicate = { code: FieldErrorCode.DUPLICATE, message: 'must not stand there twice' };

/** Everything a customer has, each field cleaned and checked by its own rules. */
export const customerRules = {
  customer: requiredText(limits.name),
  email: requiredText(limits.email, email),
  mainPhone: optionalText(limits.phone),
  website: optionalText(limits.website, httpUrl),
  status: z.transform((status: CustomerStatus | null | undefined) => status ?? CustomerStatus.ACTIVE),
  externalId: optionalText(limits.externalId),
  notes: optionalText(limits.notes),
  taxNumber: optionalText(limits.taxNumber),
  paymentTerm: optionalText(limits.paymentTerm),
  metadata: sentMetadata.transform((entries) => sortedByKey(entries.filter(hasValue))),
  billingAddress: address,
  shippingAddress: address,
  contacts,
};

/** A customer whose every rule is met: clean text, nothing undefined, an address with no part left out as null. */
export type CustomerDraft = z.output<z.ZodObject<typeof customerRules>>;

/** A pair of a customer's metadata. */
export interface MetadataEntry {
  readonly key: string;
  readonly value: string;
}

/** The one order in which metadata is answered: that of its keys' UTF-16 units, whatever the locale. */
export function sortedByKey(entries: readonly MetadataEntry[]): MetadataEntry[] {
  return entries.toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

function hasValue(entry: { key: string; value: string | null }): entry is MetadataEntry {
  return entry.value !== null;
}

/** A list of at most `max` items; null and nothing are the empty one. What is in one that is too long is not looked at. */
export function listOf<Item extends z.ZodType>(item: Item, max: number) {
  return z
    .transform((list: readonly z.input<Item>[] | null | undefined, context) => {
      if (list && list.length > max) report(context, tooMany(max));
      return list ?? [];
    })
    .pipe(z.array(item));
}

/** What is wrong with a list that is too long. */
export function tooMany(max: number) {
  return { code: FieldErrorCode.TOO_MANY, message: `must have at most ${max} items` };
}
