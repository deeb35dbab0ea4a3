import { Unavailable } from '../../errors/unavailable.js';
import { type Conflict } from '../conflict.type.js';
import { type StoredCustomer } from '../new-customer.js';
import { upsertKeys } from '../upsert/upsert-key.js';
import { type ImportRow, type UpsertBatch } from './batch.js';
import { createRows } from './import-batch.js';
import { type ImportOutcome, type ImportOutcomes } from './import-outcome.js';
import { type ImportStore } from './import-store.js';
import { planPass } from './plan-pass.js';
import { updateMatched } from './update-matched.js';

/** Passes that settle no row, while other requests create and delete the customers. */
const MAX_IDLE_PASSES = 10;

/**
 * Updates the customers that have the email or external ID of a row, and creates the others. The result is that of the rows one after
 * another, but rows that do not depend on each other are stored together. A customer that equals its row is left as it is. If all do,
 * there is one round trip.
 *
 * A row is stored at most once for any number of attempts: an interrupted attempt is recognized by the IDs of the customers that it
 * created and by the events of its updates, until the events expire.
 *
 * @param batch - each row has the key, and no two have the same.
 * @returns the outcomes by row number.
 * @throws {Unavailable} when other requests create and delete the customers again and again.
 */
export async function upsertBatch(store: ImportStore, batch: UpsertBatch): Promise<ImportOutcomes> {
  const outcomes = new Map<number, ImportOutcome>();
  let conflicts: ReadonlyMap<number, Conflict> = new Map();
  let rows = batch.rows;
  for (let idlePasses = 0; rows.length > 0;) {
    const found = await findByKey(store, batch, rows);
    const { settled, creates, updates } = planPass(batch, rows, found, conflicts);
    conflicts = await createRows(store, batch, creates);
    const created = creates.filter(({ row }) => !conflicts.has(row));
    const updated = await updateMatched(store, batch, updates);
    for (const { row } of created) outcomes.set(row, 'CREATED');
    for (const [row, outcome] of [...settled, ...updated]) outcomes.set(row, outcome);

    const left = rows.filter(({ row }) => !outcomes.has(row));
    idlePasses = left.length < rows.length ? 0 : idlePasses + 1;
    if (idlePasses === MAX_IDLE_PASSES) {
      const cause = new Error('Others created and deleted the customers again and again');
      throw new Unavailable('database', { cause });
    }
    rows = left;
  }
  return outcomes;
}

async function findByKey(
  store: ImportStore,
  { teamId, by }: UpsertBatch,
  rows: readonly ImportRow[],
): Promise<ReadonlyMap<string | null, StoredCustomer>> {
  const { valueOf } = upsertKeys[by];
  const keys = rows.map(({ draft }) => valueOf(draft)).filter((key) => key !== null);
  const found = await store.findByKey(teamId, by, keys);
  return new Map(found.map((customer) => [valueOf(customer), customer]));
}
