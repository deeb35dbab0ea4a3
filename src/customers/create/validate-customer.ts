import { z } from 'zod';
import { type CustomerDraft, customerRules } from '../customer-rules.js';
import { type FieldError } from '../../validation/field-error.type.js';
import { fieldErrors } from '../../validation/field-errors.js';
import { type CreateCustomerInput } from './create-customer.input.js';

const customer = z.object(customerRules);

/** Cleans a customer and checks every rule; on failure gives every field that breaks one, in the input's order. */
export function validateCustomer(
  input: CreateCustomerInput,
): { readonly draft: CustomerDraft } | { readonly errors: FieldError[] } {
  const parsed = customer.safeParse(input);
  return parsed.success ? { draft: parsed.data } : { errors: fieldErrors(parsed.error) };
}
