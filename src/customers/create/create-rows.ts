import { type Caller } from '../../auth/authenticate.js';
import { newUuid, uuidsFrom } from '../../database/uuid.js';
import { checkKey, hashRequest } from '../../idempotency/idempotency-key.js';
import { mapInTurns } from '../../concurrency/in-turns.js';
import { ValidationError } from '../../validation/validation-error.type.js';
import { Conflict } from '../conflict.type.js';
import { type CustomerDraft } from '../customer-rules.js';
import { type CustomerRepository } from '../customer-repository.js';
import { toCustomer } from '../new-customer.js';
import { type CheckedRow, identify } from './checked-row.js';
import { type CreateCustomerInput } from './create-customer.input.js';
import { Created } from './create-customer.result.js';
import { type Insertion } from './insert-customers.js';
import { type RowOutcome } from './row-outcome.js';
import { validateCustomer } from './validate-customer.js';

/** What became of one row of a call. */
export type CreatedRow = Created | ValidationError | Conflict;

/** Stores the rows of a call that stand; what becomes of each, in the order sent. */
export async function createRows(
  customers: CustomerRepository,
  { teamId }: Caller,
  inputs: readonly CreateCustomerInput[],
): Promise<CreatedRow[]> {
  return createChecked(customers, teamId, identify(await mapInTurns(inputs, validateCustomer)));
}

/** The same for rows that were checked and have their ids already. */
export async function createChecked(
  customers: CustomerRepository,
  teamId: string,
  rows: readonly CheckedRow[],
): Promise<CreatedRow[]> {
  const insertion = await customers.insertMany(teamId, rows);
  return results(rows, insertion, await clarify(customers, teamId, rows, insertion.outcomes));
}

/**
 * The same once for an idempotency key: the same call again gets the same rows. They are made again from its own input, so
 * that the key keeps none of it: the ids come from the key's seed.
 *
 * @returns the rows, or what is wrong with the key. A call that the rules make other rows of than at first, after an
 * upgrade, is one with another input.
 */
export async function createOnce(
  customers: CustomerRepository,
  { clientId, teamId }: Caller,
  operation: string,
  inputs: readonly CreateCustomerInput[],
  idempotencyKey: string,
): Promise<CreatedRow[] | ValidationError | Conflict> {
  const checked = checkKey(idempotencyKey);
  if ('errors' in checked) return new ValidationError(checked.errors);
  const rows = await mapInTurns(inputs, validateCustomer);
  const requestHash = hashRequest(operation, inputs, rows);
  const call = { clientId, key: checked.key, requestHash, seed: newUuid() };
  const insertion = await customers.insertMany(teamId, identifyBy(call.seed, rows), call);
  const { earlier = call, outcomes, createdAt } = insertion;

  const isLegacy = 'legacyRows' in earlier;
  const expectedHash = isLegacy ? hashRequest(operation, inputs) : requestHash;
  if (!earlier.requestHash.equals(expectedHash)) return new Conflict('IDEMPOTENCY_KEY_REUSED');
  const identified = isLegacy ? earlier.legacyRows : identifyBy(earlier.seed, rows);
  const clear = await clarify(customers, teamId, identified, outcomes);
  const isUnsettled = clear !== outcomes && createdAt !== null;
  const settled = isUnsettled ? await customers.settleOutcomes(teamId, call, clear) : clear;
  return results(identified, insertion, settled);
}

function identifyBy(seed: string, rows: readonly CheckedRow<CustomerDraft>[]): CheckedRow[] {
  const uuids = uuidsFrom(seed);
  return identify(rows, () => uuids.next().value);
}

/** Looks what stands against rows that are unclear. @returns the same outcomes if none is. */
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
    // One that is unclear still, because whoever was in the way is gone, is told the likelier of the two.
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
