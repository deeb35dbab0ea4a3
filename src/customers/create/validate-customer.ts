import { type FieldError } from '../../validation/field-error.type.js';
import { fieldErrors } from '../../validation/field-errors.js';
import { type CustomerDraft, newCustomer } from '../customer-rules.js';
import { type CreateCustomerInput } from './create-customer.input.js';

/** Cleans a customer and checks every rule; on failure gives every field that breaks one. */
export function validateCustomer(
  input: CreateCustomerInput,
): { readonly draft: CustomerDraft } | { readonly errors: FieldError[] } {
  const parsed = newCustomer.safeParse(input);
  return parsed.success ? { draft: parsed.data } : { errors: fieldErrors(parsed.error) };
}
