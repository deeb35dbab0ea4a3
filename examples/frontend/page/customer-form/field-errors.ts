import { createContext } from 'react';
import { ADDRESS_PARTS, CONTACT_PARTS, type Draft } from './draft';
import type { CreateCustomerResult } from './use-create-customer';

/**
 * What is wrong, for people, by the name of the field. That is the `path` by which the gateway tells of it, such as
 * `contacts.0.email`, so an input has its path for a name.
 */
export type FieldErrors = ReadonlyMap<string, string>;

export const NO_ERRORS: FieldErrors = new Map();

/** The errors of the form around. */
export const FieldErrorsContext = createContext<FieldErrors>(NO_ERRORS);

/** What an outcome says about fields. */
export function fieldErrorsOf(result: CreateCustomerResult): FieldErrors {
  if (result.__typename === 'Conflict') return new Map([[result.details.field, result.message]]);
  if (result.__typename !== 'ValidationError') return NO_ERRORS;
  const byPath = Map.groupBy(result.errors, ({ path }) => path);
  return new Map(
    [...byPath].map(([path, errors]) => [path, errors.map(({ message }) => message).join('; ')]),
  );
}

/** Without those of a field that has been changed, and of the group that it is in. */
export function withoutErrorsOf(errors: FieldErrors, name: string): FieldErrors {
  return new Map([...errors].filter(([path]) => path !== name && !name.startsWith(`${path}.`)));
}

/** Without those of all contacts: when one goes, the others get other places, and so other names. */
export function withoutContactErrors(errors: FieldErrors): FieldErrors {
  return new Map([...errors].filter(([path]) => !path.startsWith('contacts.')));
}

/** Those that no field of the form can show. */
export function errorsWithoutField(errors: FieldErrors, { contacts }: Draft): FieldErrors {
  const names = new Set([
    'customer',
    'email',
    'mainPhone',
    'website',
    // When goods go where invoices go, what is wrong there is told twice and shown once.
    ...ADDRESS_PARTS.flatMap((part) => [`billingAddress.${part}`, `shippingAddress.${part}`]),
    ...contacts.flatMap((_contact, index) => [
      `contacts.${index}`,
      ...CONTACT_PARTS.map((part) => `contacts.${index}.${part}`),
    ]),
  ]);
  return new Map([...errors].filter(([path]) => !names.has(path)));
}
