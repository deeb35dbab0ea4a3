import { type Conflict } from '../conflict.type.js';
import { type StoredCustomer } from '../new-customer.js';
import { upsertKeys } from '../upsert/upsert-key.js';
import { applyRow } from './apply-row.js';
import { importedUuid, type ImportRow, type UpsertBatch } from './batch.js';
import { type ImportOutcome, type ImportOutcomes, rejectionOf } from './import-outcome.js';
import { uniqueValues } from './unique-values.js';

/** The rows of a pass. */
export interface Pass {
  /** Outcomes that need no write, by row number. */
  readonly settled: ImportOutcomes;
  readonly creates: readonly ImportRow[];
  /** By the ID of the customer to update. */
  readonly updates: ReadonlyMap<string, ImportRow>;
}

/**
 * Takes the rows up to the first one that has to wait for an earlier one: its email or external ID can be freed by that one's update, or,
 * as creates are stored before updates, taken by it. Of other rows with the same value, the first one gets it.
 *
 * @param conflicts - of the creates of the pass before, by row number.
 */
export function planPass(
  batch: UpsertBatch,
  rows: readonly ImportRow[],
  found: ReadonlyMap<string | null, StoredCustomer>,
  conflicts: ReadonlyMap<number, Conflict>,
): Pass {
  const settled = new Map<number, ImportOutcome>();
  const creates: ImportRow[] = [];
  const updates = new Map<string, ImportRow>();
  const freed = new Set<string>();
  const takenByUpdates = new Set<string>();
  for (const row of rows) {
    const current = found.get(upsertKeys[batch.by].valueOf(row.draft));
    const outcome = current
      ? outcomeWithoutUpdate(batch, row, current)
      : outcomeWithoutCreate(batch, conflicts.get(row.row));
    if (outcome) {
      settled.set(row.row, outcome);
      continue;
    }
    const before = current ? uniqueValues(current) : [];
    const after = uniqueValues(row.draft);
    const takes = after.filter((value) => !before.includes(value));
    if (takes.some((value) => freed.has(value) || (!current && takenByUpdates.has(value)))) break;
    if (!current) {
      creates.push(row);
      continue;
    }
    updates.set(current.uuid, row);
    for (const value of takes) takenByUpdates.add(value);
    for (const value of before) if (!after.includes(value)) freed.add(value);
  }
  return { settled, creates, updates };
}

function outcomeWithoutUpdate(
  { identity, isRepeated }: UpsertBatch,
  row: ImportRow,
  current: StoredCustomer,
): ImportOutcome | undefined {
  if (current.uuid === importedUuid(identity, row.row)) return 'CREATED';
  // An earlier attempt can have updated the customer.
  if (isRepeated) return undefined;
  const applied = applyRow(current, row);
  if ('problems' in applied) return applied;
  return applied.isChanged ? undefined : 'UNCHANGED';
}

/** A customer that took the key in the pass before, and is gone now, does not reject the row. */
function outcomeWithoutCreate(
  { by }: UpsertBatch,
  conflict: Conflict | undefined,
): ImportOutcome | undefined {
  const isOfKey = conflict?.code === upsertKeys[by].conflict;
  return conflict && !isOfKey ? rejectionOf(conflict) : undefined;
}
