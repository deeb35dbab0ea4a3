import { type ConflictCode } from '../conflict.type.js';
import { type CheckedRow } from './checked-row.js';
import { type RowOutcome } from './row-outcome.js';

/**
 * The data that gateways before the column `seed` stored with a key. To be removed with the columns `result` and `conflicts`: such keys
 * expire a day after the last of those gateways.
 */
export interface LegacyKey {
  readonly rows: readonly CheckedRow[];
  /** The code for each customer that was not stored, by its uuid; null for one that was unclear. */
  readonly conflicts: Readonly<Record<string, ConflictCode | null>>;
}

/** The outcomes of its rows. */
export function legacyOutcomes({ rows, conflicts }: LegacyKey): RowOutcome[] {
  return rows.map((row) => {
    if ('errors' in row) return 'INVALID';
    const code = conflicts[row.draft.uuid];
    if (code === undefined) return 'CREATED';
    return code === 'EMAIL_EXISTS' || code === 'EXTERNAL_ID_EXISTS' ? code : 'UNCLEAR';
  });
}
