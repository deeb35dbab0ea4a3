import { type Checked, fieldErrors } from '../../validation/field-errors.js';
import { type CustomerDraft, newCustomer } from '../customer-rules.js';
import { type CreateCustomerInput } from './create-customer.input.js';

/** Cleans a customer and checks every rule; on failure gives every field that breaks one. */
export function validateCustomer(input: CreateCustomerInput): Checked<{ readonly draft: CustomerDraft }> {
  const parsed = newCustomer.safeParse(input);
  return parsed.success ? { draft: parsed.data } : { errors: fieldErrors(parsed.error) };
}
