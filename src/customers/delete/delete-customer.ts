import { Conflict } from '../conflict.type.js';
import { conflictOf } from '../constraints.js';
import { type CustomerRepository } from '../customer-repository.js';
import { type ApiActor } from '../events/actor.js';
import { NotFound } from '../not-found.type.js';
import { Deleted, Restored } from './delete-customer.result.js';

/** Soft-deletes a customer of a team. Every expected outcome is a value. */
export async function deleteCustomer(
  customers: CustomerRepository,
  actor: ApiActor,
  uuid: string,
): Promise<Deleted | NotFound> {
  const customer = await customers.softDelete(actor, uuid);
  return customer ? new Deleted(customer) : new NotFound(uuid);
}

/** Restores a soft-deleted customer of a team. Every expected outcome is a value. */
export async function restoreCustomer(
  customers: CustomerRepository,
  actor: ApiActor,
  uuid: string,
): Promise<Restored | NotFound | Conflict> {
  try {
    const customer = await customers.restore(actor, uuid);
    if (customer === 'ERASED') return new Conflict('CUSTOMER_ERASED');
    return customer
      ? new Restored(customer)
      : new NotFound(uuid, 'CUSTOMER_NOT_FOUND', 'The team has no deleted customer with this ID.');
  } catch (error) {
    return new Conflict(conflictOf(error));
  }
}
