import { z } from 'zod';
import { type CreateCustomerInput } from './create-customer.input.js';
import { CustomerStatus } from './customer-status.js';
import { type FieldError, FieldErrorCode } from './field-error.type.js';
import { limits } from './limits.js';
import { email, httpUrl, optionalText, report, requiredText } from './text-rules.js';

/** A customer whose every rule is met: clean text, nothing undefined, an address with no part left out as null. */
export type CustomerDraft = z.output<typeof customer>;

const address = z
  .object({
    street: optionalText(limits.addressPart),
    city: optionalText(limits.addressPart),
    state: optionalText(limits.addressPart),
    zipCode: optionalText(limits.zipCode),
    country: optionalText(limits.addressPart),
  })
  .nullish()
  .transform((parts) => (parts && Object.values(parts).some((part) => part !== null) ? parts : null));

const contact = z
  .object({
    firstName: optionalText(limits.name),
    lastName: optionalText(limits.name),
    email: optionalText(limits.email, email),
    phone: optionalText(limits.phone),
    isPrimary: z.transform((isPrimary: boolean | null | undefined) => isPrimary ?? false),
  })
  .superRefine((person, context) => {
    if (person.firstName ?? person.lastName ?? person.email ?? person.phone) return;
    report(context, {
      code: FieldErrorCode.REQUIRED,
      message: 'must have a name, an email or a phone number',
    });
  });

const contacts = z
  .array(contact)
  .superRefine((list, context) => {
    if (list.length > limits.contacts) {
      report(context, {
        code: FieldErrorCode.TOO_MANY,
        message: `must have at most ${limits.contacts} items`,
      });
    }
    const first = list.findIndex((person) => person.isPrimary);
    for (const [index, person] of list.entries()) {
      if (!person.isPrimary || index === first) continue;
      const problem = {
        code: FieldErrorCode.MULTIPLE_PRIMARY,
        message: 'must not be a second primary contact',
      };
      report(context, problem, [index, 'isPrimary']);
    }
  })
  .nullish()
  .transform((list) => list ?? []);

const customer = z.object({
  customer: requiredText(limits.name),
  email: requiredText(limits.email, email),
  mainPhone: optionalText(limits.phone),
  website: optionalText(limits.website, httpUrl),
  status: z.transform((status: CustomerStatus | null | undefined) => status ?? CustomerStatus.ACTIVE),
  billingAddress: address,
  shippingAddress: address,
  contacts,
});

/** Cleans a customer and checks every rule; on failure gives every field that breaks one, in the input's order. */
export function validateCustomer(
  input: CreateCustomerInput,
): { readonly draft: CustomerDraft } | { readonly errors: FieldError[] } {
  const parsed = customer.safeParse(input);
  if (parsed.success) return { draft: parsed.data };
  return {
    errors: parsed.error.issues.map((issue) => ({
      path: issue.path.join('.'),
      message: issue.message,
      code: codeOf(issue),
    })),
  };
}

/** Every rule above reports with a code of ours; anything else is a fault of this file. */
function codeOf(issue: z.core.$ZodIssue): FieldErrorCode {
  const code: unknown = issue.code === 'custom' ? issue.params?.['code'] : undefined;
  const known = Object.values(FieldErrorCode).find((candidate) => candidate === code);
  if (known === undefined)
    throw new Error(`The rule at ${issue.path.join('.')} has no code: ${issue.message}`);
  return known;
}
