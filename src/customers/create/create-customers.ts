import { ValidationError } from '../../validation/validation-error.type.js';
import { type Conflict } from '../conflict.type.js';
import { type CustomerRepository } from '../customer-repository.js';
import { type ApiActor } from '../events/actor.js';
import { checkRowCount } from '../row-count.js';
import { type CreateCustomerInput } from './create-customer.input.js';
import { CustomersCreated } from './create-customers.result.js';
import { createOnce, createRows } from './create-rows.js';

/** Validates many customers and stores the valid ones independently of each other. Every expected outcome is a value. */
export async function createCustomers(
  customers: CustomerRepository,
  actor: ApiActor,
  inputs: readonly CreateCustomerInput[],
  idempotencyKey?: string | null,
): Promise<CustomersCreated | ValidationError | Conflict> {
  const errors = checkRowCount(inputs);
  if (errors.length > 0) return new ValidationError(errors);
  const rows =
    typeof idempotencyKey === 'string'
      ? await createOnce(customers, actor, 'createCustomers', inputs, idempotencyKey)
      : await createRows(customers, actor, inputs);
  return Array.isArray(rows) ? new CustomersCreated(rows) : rows;
}
