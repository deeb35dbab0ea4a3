import { type Executor } from '../../database/transaction.js';
import { Conflict } from '../conflict.type.js';
import { type StoredCustomer } from '../new-customer.js';
import { type CustomerUpdate } from '../update/apply-update.js';
import { findUpdateConflicts } from '../update/find-update-conflicts.js';
import { upsertKeys } from '../upsert/upsert-key.js';
import { applyRow } from './apply-row.js';
import { actorOf, type ImportRow, type UpsertBatch } from './batch.js';
import { type ImportOutcome, type ImportOutcomes, rejectionOf } from './import-outcome.js';
import { type ImportStore } from './import-store.js';

/**
 * Updates the customers of a pass.
 *
 * @param updates - the rows by the ID of the customer.
 * @returns the outcomes by row number. A row without one is to be looked up again: its customer was deleted, or has another key now.
 */
export async function updateMatched(
  store: ImportStore,
  batch: UpsertBatch,
  updates: ReadonlyMap<string, ImportRow>,
): Promise<ImportOutcomes> {
  if (updates.size === 0) return new Map();
  const decided = new Map<string, ImportOutcome>();
  const decide = async (
    uuids: readonly string[],
    current: ReadonlyMap<string, StoredCustomer>,
    executor: Executor,
  ): Promise<CustomerUpdate[]> => {
    const stored = await updatedBefore(store, batch, uuids, executor);
    const changed: CustomerUpdate[] = [];
    for (const uuid of uuids) {
      const outcome = stored.has(uuid)
        ? 'UPDATED'
        : decideUpdate(batch, updates.get(uuid), current.get(uuid));
      decided.delete(uuid);
      if (typeof outcome === 'object' && 'draft' in outcome) changed.push(outcome);
      else if (outcome) decided.set(uuid, outcome);
    }
    const conflicts = await findUpdateConflicts(store.customers, batch.teamId, current, changed, executor);
    for (const [uuid, code] of conflicts) decided.set(uuid, rejectionOf(new Conflict(code)));
    return changed.filter(({ draft }) => !conflicts.has(draft.uuid));
  };
  const written = await store.customers.update(actorOf(batch), [...updates.keys()], decide);
  return new Map(
    [...updates].flatMap(([uuid, { row }]) => {
      const outcome = written.has(uuid) ? 'UPDATED' : decided.get(uuid);
      return outcome ? [[row, outcome] as const] : [];
    }),
  );
}

function updatedBefore(
  store: ImportStore,
  batch: UpsertBatch,
  uuids: readonly string[],
  executor: Executor,
): Promise<ReadonlySet<string>> | ReadonlySet<string> {
  if (!batch.isRepeated) return new Set();
  const { teamId, batchId } = actorOf(batch);
  return store.findChanged(executor, teamId, batchId, uuids);
}

function decideUpdate(
  { by }: UpsertBatch,
  row: ImportRow | undefined,
  current: StoredCustomer | undefined,
): CustomerUpdate | ImportOutcome | undefined {
  const { valueOf } = upsertKeys[by];
  if (!row || !current || valueOf(current) !== valueOf(row.draft)) return undefined;
  const applied = applyRow(current, row);
  if ('problems' in applied) return applied;
  return applied.isChanged ? applied : 'UNCHANGED';
}
