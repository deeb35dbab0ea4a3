import { violatedConstraint } from '../../database/retry.js';
import { type FieldError } from '../../validation/field-error.type.js';
import { tooMany } from '../../validation/list-of.js';
import { isBlank } from '../../validation/clean-text.js';
import { blank } from '../../validation/text-rules.js';
import { ValidationError } from '../../validation/validation-error.type.js';
import { Conflict } from '../conflict.type.js';
import { conflictOf, METADATA_CHECK } from '../constraints.js';
import { type CreateCustomerInput } from '../create/create-customer.input.js';
import { Created } from '../create/create-customer.result.js';
import { validateCustomer } from '../create/validate-customer.js';
import { type CustomerRepository } from '../customer-repository.js';
import { type ApiActor } from '../events/actor.js';
import { assignIds } from '../new-customer.js';
import { limits } from '../limits.js';
import { Updated } from '../update/update-customer.result.js';
import { providedFields } from './provided-fields.js';
import { CustomerKey } from './upsert-customer.result.js';

/** Creates a customer of a team or updates the existing one. Every expected outcome is a value. */
export async function upsertCustomer(
  customers: CustomerRepository,
  actor: ApiActor,
  input: CreateCustomerInput,
  by: CustomerKey,
): Promise<Created | Updated | ValidationError | Conflict> {
  const checked = validateCustomer(input);
  const missing = missingKey(input, by);
  if ('errors' in checked) return new ValidationError([...checked.errors, ...missing]);
  if (missing.length > 0) return new ValidationError(missing);
  try {
    const { customer, isNew } = await customers.upsert(
      actor,
      assignIds(checked.draft),
      providedFields(input),
      by,
    );
    return isNew ? new Created(customer) : new Updated(customer);
  } catch (error) {
    if (violatedConstraint(error) !== METADATA_CHECK) return new Conflict(conflictOf(error));
    return new ValidationError([{ path: 'metadata', ...tooMany(limits.metadataEntries) }]);
  }
}

function missingKey({ externalId }: CreateCustomerInput, by: CustomerKey): FieldError[] {
  if (by !== CustomerKey.EXTERNAL_ID || !isBlank(externalId ?? '')) return [];
  return [{ path: 'externalId', ...blank }];
}
