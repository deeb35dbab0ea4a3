import { createChecked } from '../create/create-rows.js';
import { Conflict } from '../conflict.type.js';
import { assignIds } from '../new-customer.js';
import { actorOf, type ImportBatch, importedUuid, type ImportRow } from './batch.js';
import { type ImportOutcomes, rejectionOf } from './import-outcome.js';
import { type ImportStore } from './import-store.js';

/**
 * Creates the customers of a batch, independently of each other. Each row is created at most once for any number of calls, because its
 * customer always has the same ID: a batch whose caller was killed is found again, even if it is still being stored. A customer that
 * has been created and deleted since counts as created.
 *
 * @returns the outcomes by row number.
 */
export async function importBatch(store: ImportStore, batch: ImportBatch): Promise<ImportOutcomes> {
  const conflicts = await createRows(store, batch, batch.rows);
  return new Map(
    batch.rows.map(({ row }) => {
      const conflict = conflicts.get(row);
      return [row, conflict ? rejectionOf(conflict) : 'CREATED'];
    }),
  );
}

/** The same for some rows of a batch. @returns the conflicts by row number. A row without an entry was created. */
export async function createRows(
  { customers, findStored }: Pick<ImportStore, 'customers' | 'findStored'>,
  batch: ImportBatch,
  rows: readonly ImportRow[],
): Promise<ReadonlyMap<number, Conflict>> {
  const { teamId, identity } = batch;
  const drafts = rows.map(({ row, draft }) => ({ ...assignIds(draft), uuid: importedUuid(identity, row) }));
  const results = await createChecked(
    customers,
    actorOf(batch),
    drafts.map((draft) => ({ draft })),
  );
  const conflicts = rows.flatMap(({ row }, index) => {
    const result = results[index];
    return result instanceof Conflict ? [[row, result] as const] : [];
  });
  if (conflicts.length === 0) return new Map();

  const stored = await findStored(
    teamId,
    conflicts.map(([row]) => importedUuid(identity, row)),
  );
  return new Map(conflicts.filter(([row]) => !stored.has(importedUuid(identity, row))));
}
