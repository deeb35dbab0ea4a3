import { ValidationError } from '../../validation/validation-error.type.js';
import { Conflict } from '../conflict.type.js';
import { type CustomerRepository } from '../customer-repository.js';
import { type ApiActor } from '../events/actor.js';
import { type NewCustomer, assignIds, toCustomer } from '../new-customer.js';
import { type CreateCustomerInput } from './create-customer.input.js';
import { Created } from './create-customer.result.js';
import { createOnce } from './create-rows.js';
import { validateCustomer } from './validate-customer.js';

/** Validates a customer and stores it for the actor's team. Every expected outcome is a value. */
export async function createCustomer(
  customers: CustomerRepository,
  actor: ApiActor,
  input: CreateCustomerInput,
  idempotencyKey?: string | null,
): Promise<Created | ValidationError | Conflict> {
  if (typeof idempotencyKey === 'string') {
    const created = await createOnce(customers, actor, 'createCustomer', [input], idempotencyKey);
    return Array.isArray(created) ? onlyOf(created) : created;
  }
  const checked = validateCustomer(input);
  if ('errors' in checked) return new ValidationError(checked.errors);
  return insert(customers, actor, assignIds(checked.draft));
}

async function insert(
  customers: CustomerRepository,
  actor: ApiActor,
  draft: NewCustomer,
): Promise<Created | Conflict> {
  const { createdAt } = await customers.insert(actor, draft);
  if (createdAt) return new Created(toCustomer(draft, createdAt));
  if (draft.externalId === null) return new Conflict('EMAIL_EXISTS');

  const [check] = (await customers.findConflicts(actor.teamId, [draft])).values();
  // Without a code, the conflicting customer is gone by now.
  return check?.code ? new Conflict(check.code) : insert(customers, actor, draft);
}

function onlyOf<Item>([only]: readonly Item[]): Item {
  if (only === undefined) throw new Error('One row was sent and no result returned');
  return only;
}
