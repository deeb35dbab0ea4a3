import { type ResponseBytes } from '../../concurrency/response-bytes.js';
import { ValidationError } from '../../validation/validation-error.type.js';
import { type CustomerRepository } from '../customer-repository.js';
import { type ApiActor } from '../events/actor.js';
import { checkRowCount } from '../row-count.js';
import { type UpdateCustomerInput, type UpdateCustomersItemInput } from './update-customer.input.js';
import { CustomersUpdated } from './update-customers.result.js';
import { type UpdatedRow, updateRows } from './update-rows.js';

/** Updates a customer of a team. Every expected outcome is a value. */
export async function updateCustomer(
  customers: CustomerRepository,
  actor: ApiActor,
  uuid: string,
  input: UpdateCustomerInput,
  response: ResponseBytes,
): Promise<UpdatedRow> {
  const [row] = await updateRows(customers, actor, [{ uuid: uuid.toLowerCase(), input }], response);
  if (!row) throw new Error('One row was sent and none came back');
  return row;
}

/** Updates many customers of a team independently of each other. Every expected outcome is a value. */
export async function updateCustomers(
  customers: CustomerRepository,
  actor: ApiActor,
  inputs: readonly UpdateCustomersItemInput[],
  response: ResponseBytes,
): Promise<CustomersUpdated | ValidationError> {
  const errors = checkRowCount(inputs);
  if (errors.length > 0) return new ValidationError(errors);
  const updates = inputs.map((input) => ({ uuid: input.uuid.toLowerCase(), input }));
  return new CustomersUpdated(await updateRows(customers, actor, updates, response));
}
