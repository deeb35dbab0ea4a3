import { type Caller } from '../../auth/authenticate.js';
import { checkKey, hashRequest } from '../../idempotency/idempotency-key.js';
import { ValidationError } from '../../validation/validation-error.type.js';
import { Conflict } from '../conflict.type.js';
import { type CustomerStore } from '../customer-store.js';
import { asCreated, withIds } from '../identified-draft.js';
import { type CreateCustomerInput } from './create-customer.input.js';
import { Created } from './create-customer.result.js';
import { type CheckedRow, type Insertion } from './insert-customers.js';
import { validateCustomer } from './validate-customer.js';

/** What became of one row of a call. */
export type CreatedRow = Created | ValidationError | Conflict;

/** Stores the rows of a call that stand; what becomes of each, in the order sent. */
export async function createRows(
  customers: CustomerStore,
  { teamId }: Caller,
  inputs: readonly CreateCustomerInput[],
): Promise<CreatedRow[]> {
  return createChecked(customers, teamId, inputs.map(checkRow));
}

/** The same for rows that were checked and have their ids already. */
export async function createChecked(
  customers: CustomerStore,
  teamId: string,
  rows: readonly CheckedRow[],
): Promise<CreatedRow[]> {
  return outcomes(customers, teamId, await customers.insertMany(teamId, rows));
}

/**
 * The same once for an idempotency key: the same call again gets the same rows.
 *
 * @returns the rows, or what is wrong with the key.
 */
export async function createOnce(
  customers: CustomerStore,
  { clientId, teamId }: Caller,
  operation: string,
  inputs: readonly CreateCustomerInput[],
  idempotencyKey: string,
): Promise<CreatedRow[] | ValidationError | Conflict> {
  const checked = checkKey(idempotencyKey);
  if ('errors' in checked) return new ValidationError(checked.errors);
  const call = { clientId, key: checked.key, requestHash: hashRequest(operation, inputs) };
  const insertion = await customers.insertMany(teamId, inputs.map(checkRow), call);
  const isOther = insertion.earlierHash && !insertion.earlierHash.equals(call.requestHash);
  return isOther ? new Conflict('IDEMPOTENCY_KEY_REUSED') : outcomes(customers, teamId, insertion);
}

function checkRow(input: CreateCustomerInput): CheckedRow {
  const checked = validateCustomer(input);
  return 'errors' in checked ? checked : { draft: withIds(checked.draft) };
}

async function outcomes(
  customers: CustomerStore,
  teamId: string,
  { rows, conflicts, createdAt, earlierHash }: Insertion,
): Promise<CreatedRow[]> {
  const replayed = earlierHash !== undefined;
  const unclear = rows.flatMap((row) =>
    'draft' in row && conflicts[row.draft.uuid] === null ? [row.draft] : [],
  );
  const found = unclear.length > 0 ? await customers.findConflicts(teamId, unclear) : undefined;
  return rows.map((row) => {
    if ('errors' in row) return new ValidationError(row.errors);
    const { uuid } = row.draft;
    if (!(uuid in conflicts) && createdAt) return new Created(asCreated(row.draft, createdAt), { replayed });
    // One that is unclear still, because whoever was in the way is gone, is told the likelier of the two.
    return new Conflict(conflicts[uuid] ?? found?.get(uuid)?.code ?? 'EMAIL_EXISTS');
  });
}
