import type pg from 'pg';
import { NIL } from 'uuid';
import { numberParameters, type Statement, type Values } from './statement.js';

/**
 * Removes rows in the order of their IDs, batch by batch. Each batch begins after the one before: it need not read the entries of removed
 * rows again, nor the rows that stay.
 *
 * @param statement - removes the next `batch` rows after `:'after'` and gives their IDs.
 * @param signal - once it is aborted, the removal ends after the current batch.
 */
export async function removeInBatches(
  pool: pg.Pool,
  statement: Statement,
  batch: number,
  values: Values,
  signal?: AbortSignal,
): Promise<void> {
  const bind = numberParameters(statement);
  let after: string = NIL;
  for (;;) {
    const { rows } = await pool.query<{ id: string }>(bind({ ...values, after }));
    const last = rows
      .map(({ id }) => id)
      .toSorted()
      .at(-1);
    if (last === undefined || rows.length < batch || signal?.aborted) return;
    after = last;
  }
}
