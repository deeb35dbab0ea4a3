import { createContext } from 'react';
import { ADDRESS_PARTS, CONTACT_PARTS, type Draft } from './draft';
import { conflictText, fieldErrorText } from './field-error-text';
import type { CreateCustomerResult } from './use-create-customer';

/** Error messages by field name. An input's name is the `path` of the gateway's errors, such as `contacts.0.email`. */
export type FieldErrors = ReadonlyMap<string, string>;

export const NO_ERRORS: FieldErrors = new Map();

/** The errors of the enclosing form. */
export const FieldErrorsContext = createContext<FieldErrors>(NO_ERRORS);

/** The field errors of an outcome. */
export function fieldErrorsOf(result: CreateCustomerResult): FieldErrors {
  if (result.__typename === 'Conflict') return new Map([[result.details.field, conflictText(result)]]);
  if (result.__typename !== 'ValidationError') return NO_ERRORS;
  const byPath = Map.groupBy(result.errors, ({ path }) => path);
  return new Map([...byPath].map(([path, errors]) => [path, errors.map(fieldErrorText).join(' ')]));
}

/** Removes the errors of a changed field and of its group. */
export function withoutErrorsOf(errors: FieldErrors, name: string): FieldErrors {
  return new Map([...errors].filter(([path]) => path !== name && !name.startsWith(`${path}.`)));
}

/** Removes the errors of all contacts, because removing a contact changes the names of those after it. */
export function withoutContactErrors(errors: FieldErrors): FieldErrors {
  return new Map([...errors].filter(([path]) => !path.startsWith('contacts.')));
}

/** The errors that no field of the form shows. */
export function errorsWithoutField(errors: FieldErrors, { contacts }: Draft): FieldErrors {
  const names = new Set([
    'customer',
    'email',
    'mainPhone',
    'website',
    // If one address is used for both, its errors are reported twice and shown once.
    ...ADDRESS_PARTS.flatMap((part) => [`billingAddress.${part}`, `shippingAddress.${part}`]),
    ...contacts.flatMap((_contact, index) => [
      `contacts.${index}`,
      ...CONTACT_PARTS.map((part) => `contacts.${index}.${part}`),
    ]),
  ]);
  return new Map([...errors].filter(([path]) => !names.has(path)));
}
