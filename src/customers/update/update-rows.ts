import { type ResponseBytes } from '../../concurrency/response-bytes.js';
import { duplicate } from '../../validation/list-of.js';
import { ValidationError } from '../../validation/validation-error.type.js';
import { Conflict } from '../conflict.type.js';
import { type CustomerRepository } from '../customer-repository.js';
import { type ApiActor } from '../events/actor.js';
import { type StoredCustomer } from '../new-customer.js';
import { NotFound } from '../not-found.type.js';
import { type CustomerUpdate, applyUpdate } from './apply-update.js';
import { findUpdateConflicts } from './find-update-conflicts.js';
import { type UpdateCustomerInput } from './update-customer.input.js';
import { Updated } from './update-customer.result.js';

/** The result of one row. */
export type UpdatedRow = Updated | ValidationError | NotFound | Conflict;

/** The update of one customer. */
export interface Update {
  readonly uuid: string;
  readonly input: UpdateCustomerInput;
}

/**
 * Updates customers independently of each other.
 *
 * @returns the results in the order of the updates.
 * @throws {ResponseTooLarge} when the customers have more bytes than may be read for one response.
 */
export async function updateRows(
  customers: CustomerRepository,
  actor: ApiActor,
  updates: readonly Update[],
  response: ResponseBytes,
): Promise<UpdatedRow[]> {
  const inputs = new Map<string, UpdateCustomerInput>();
  const repeated = new Set<Update>();
  for (const update of updates) {
    if (inputs.has(update.uuid)) repeated.add(update);
    else inputs.set(update.uuid, update.input);
  }

  const refused = new Map<string, UpdatedRow>();
  const written = await customers.update(actor, [...inputs.keys()], async (uuids, current, executor) => {
    response.addRows([...current.values()]);
    const changed: CustomerUpdate[] = [];
    for (const uuid of uuids) {
      refused.delete(uuid);
      const outcome = change(uuid, current.get(uuid), inputs.get(uuid) ?? {});
      if ('draft' in outcome) changed.push(outcome);
      else refused.set(uuid, outcome);
    }
    const conflicts = await findUpdateConflicts(customers, actor.teamId, current, changed, executor);
    for (const [uuid, code] of conflicts) refused.set(uuid, new Conflict(code));
    return changed.filter(({ draft }) => !conflicts.has(draft.uuid));
  });

  return updates.map((update) => {
    if (repeated.has(update)) return new ValidationError([{ path: 'uuid', ...duplicate }]);
    const customer = written.get(update.uuid);
    const outcome = customer ? new Updated(customer) : refused.get(update.uuid);
    if (!outcome) throw new Error('A customer was neither updated nor rejected');
    return outcome;
  });
}

/** Applies an update to one customer, or returns the reason why it is not stored. */
function change(
  uuid: string,
  current: StoredCustomer | undefined,
  input: UpdateCustomerInput,
): CustomerUpdate | UpdatedRow {
  if (!current) return new NotFound(uuid);
  const { expectedVersion } = input;
  if (typeof expectedVersion === 'number' && expectedVersion !== current.version) {
    return new Conflict('VERSION_MISMATCH', current.version);
  }
  const changed = applyUpdate(current, input);
  if ('errors' in changed) return new ValidationError(changed.errors);
  return changed.isChanged ? changed : new Updated(current);
}
