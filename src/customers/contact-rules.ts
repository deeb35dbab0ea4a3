import { z } from 'zod';
import { FieldErrorCode } from '../validation/field-error-code.js';
import { listOf } from '../validation/list-of.js';
import { email, identifier, optionalText, report } from '../validation/text-rules.js';
import { limits } from './limits.js';

/** The parts of a contact, each cleaned and checked. */
export const contactRules = z.object({
  firstName: optionalText(limits.name),
  lastName: optionalText(limits.name),
  email: optionalText(limits.email, email),
  phone: optionalText(limits.phone, identifier),
  isPrimary: z.transform((isPrimary: boolean | null | undefined) => isPrimary ?? false),
});

/** The error of a contact that {@link isEmptyContact}. */
export const emptyContact = {
  code: FieldErrorCode.REQUIRED,
  message: 'must have a name, an email or a phone number',
};

/** The error of a second primary contact. */
export const multiplePrimary = {
  code: FieldErrorCode.MULTIPLE_PRIMARY,
  message: 'must be false: another contact is already primary',
};

/** A new contact. */
export const contact = contactRules.superRefine((person, context) => {
  if (isEmptyContact(person)) report(context, emptyContact);
});

/** The contacts of a new customer. */
export const contacts = listOf(contact, limits.contacts).superRefine((list, context) => {
  const first = list.findIndex((person) => person.isPrimary);
  for (const [index, person] of list.entries()) {
    if (person.isPrimary && index !== first) report(context, multiplePrimary, [index, 'isPrimary']);
  }
});

/** Whether a contact has no name, no email and no phone number. */
export function isEmptyContact(person: z.output<typeof contactRules>): boolean {
  return (person.firstName ?? person.lastName ?? person.email ?? person.phone) === null;
}
