import { type CreateCustomerInput } from './create-customer.input.js';
import { Conflict, Created, ValidationError } from './create-customer.result.js';
import { type CustomerStore } from './customer-store.js';
import { validateCustomer } from './validate-customer.js';

/** Checks a customer and stores it for a team; every expected end is a value. */
export async function createCustomer(
  customers: CustomerStore,
  teamId: string,
  input: CreateCustomerInput,
): Promise<Created | ValidationError | Conflict> {
  const checked = validateCustomer(input);
  if ('errors' in checked) return new ValidationError(checked.errors);
  const stored = await customers.insert(teamId, checked.draft);
  return stored ? new Created(stored) : new Conflict();
}
