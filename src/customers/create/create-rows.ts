import { newUuid, uuidsFrom } from '../../database/uuid.js';
import { checkKey, hashRequest, type IdempotentCall } from '../../idempotency/idempotency-key.js';
import { mapInTurns } from '../../concurrency/in-turns.js';
import { ValidationError } from '../../validation/validation-error.type.js';
import { Conflict } from '../conflict.type.js';
import { type CustomerDraft } from '../customer-rules.js';
import { type CustomerRepository } from '../customer-repository.js';
import { type Actor, type ApiActor } from '../events/actor.js';
import { toCustomer } from '../new-customer.js';
import { type CheckedRow, identify } from './checked-row.js';
import { type CreateCustomerInput } from './create-customer.input.js';
import { Created } from './create-customer.result.js';
import { type Insertion } from './insert-customers.js';
import { type RowOutcome } from './row-outcome.js';
import { validateCustomer } from './validate-customer.js';

/** The result of one row. */
export type CreatedRow = Created | ValidationError | Conflict;

/** Stores the valid rows. @returns the results in the order of the rows. */
export async function createRows(
  customers: CustomerRepository,
  actor: ApiActor,
  inputs: readonly CreateCustomerInput[],
): Promise<CreatedRow[]> {
  return createChecked(customers, actor, identify(await mapInTurns(inputs, validateCustomer)));
}

/** The same for rows that are checked and have their IDs. */
export async function createChecked(
  customers: CustomerRepository,
  actor: Actor,
  rows: readonly CheckedRow[],
): Promise<CreatedRow[]> {
  const insertion = await customers.insertMany(actor, rows);
  return results(rows, insertion, await clarify(customers, actor.teamId, rows, insertion.outcomes));
}

/**
 * The same, at most once per idempotency key. A repeated call gets the same results: they are computed again from its input, and the
 * IDs from the seed that is stored with the key, so the key stores no input.
 *
 * @returns the results, or the error of the key. If the validation rules have changed since the first call and normalize the input
 * differently, the input counts as different.
 */
export async function createOnce(
  customers: CustomerRepository,
  actor: ApiActor,
  operation: string,
  inputs: readonly CreateCustomerInput[],
  idempotencyKey: string,
): Promise<CreatedRow[] | ValidationError | Conflict> {
  const { clientId, teamId } = actor;
  const checked = checkKey(idempotencyKey);
  if ('errors' in checked) return new ValidationError(checked.errors);
  const rows = await mapInTurns(inputs, validateCustomer);
  const requestHash = hashRequest(operation, inputs, rows);
  const call = { clientId, key: checked.key, requestHash, seed: newUuid() };
  const insertion = await insert(customers, actor, identifyBy(call.seed, rows), call);
  const { earlier = call, outcomes, createdAt } = insertion;

  if (earlier === 'ERASED') return new Conflict('CUSTOMER_ERASED', null, 'idempotencyKey');
  const isLegacy = 'legacyRows' in earlier;
  const expectedHash = isLegacy ? hashRequest(operation, inputs) : requestHash;
  if (!earlier.requestHash.equals(expectedHash)) return new Conflict('IDEMPOTENCY_KEY_REUSED');
  const identified = isLegacy ? earlier.legacyRows : identifyBy(earlier.seed, rows);
  const clear = await clarify(customers, teamId, identified, outcomes);
  const isUnsettled = clear !== outcomes && createdAt !== null;
  const settled = isUnsettled ? await customers.settleOutcomes(teamId, call, clear) : clear;
  return results(identified, insertion, settled);
}

/** Stores a single customer in the statement that concurrent calls share. */
function insert(
  customers: CustomerRepository,
  actor: ApiActor,
  rows: readonly CheckedRow[],
  call: IdempotentCall,
): Promise<Insertion> {
  const [first] = rows;
  return first && 'draft' in first && rows.length === 1
    ? customers.insert(actor, first.draft, call)
    : customers.insertMany(actor, rows, call);
}

function identifyBy(seed: string, rows: readonly CheckedRow<CustomerDraft>[]): CheckedRow[] {
  const uuids = uuidsFrom(seed);
  return identify(rows, () => uuids.next().value);
}

/** Finds the conflicts of rows whose outcome is unclear. @returns the same outcomes if there are none. */
async function clarify(
  customers: CustomerRepository,
  teamId: string,
  rows: readonly CheckedRow[],
  outcomes: readonly RowOutcome[],
): Promise<readonly RowOutcome[]> {
  const unclear = rows.map((row, index) =>
    outcomes[index] === 'UNCLEAR' && 'draft' in row ? row.draft : undefined,
  );
  const drafts = unclear.filter((draft) => draft !== undefined);
  if (drafts.length === 0) return outcomes;
  const found = await customers.findConflicts(teamId, drafts);
  return outcomes.map((outcome, index) => {
    const draft = unclear[index];
    if (!draft) return outcome;
    // If the conflicting customer is gone by now, the likelier of the two conflicts is returned.
    return found.get(draft.uuid)?.code === 'EXTERNAL_ID_EXISTS' ? 'EXTERNAL_ID_EXISTS' : 'EMAIL_EXISTS';
  });
}

function results(
  rows: readonly CheckedRow[],
  { createdAt, earlier }: Insertion,
  outcomes: readonly RowOutcome[],
): CreatedRow[] {
  const replayed = earlier !== undefined;
  return rows.map((row, index) => {
    if ('errors' in row) return new ValidationError(row.errors);
    const outcome = outcomes[index];
    if (outcome === 'CREATED' && createdAt)
      return new Created(toCustomer(row.draft, createdAt), { replayed });
    return new Conflict(outcome === 'EXTERNAL_ID_EXISTS' ? outcome : 'EMAIL_EXISTS');
  });
}
