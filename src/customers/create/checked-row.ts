import { type Checked } from '../../validation/field-errors.js';
import { type CustomerDraft } from '../customer-rules.js';
import { type IdentifiedDraft, withIds } from '../identified-draft.js';

/** A row of a call as it was checked: a customer to store, or what is wrong with it. */
export type CheckedRow<Draft = IdentifiedDraft> = Checked<{ readonly draft: Draft }>;

/** Gives the customers of checked rows their ids, by default new ones. */
export function identify(rows: readonly CheckedRow<CustomerDraft>[], nextId?: () => string): CheckedRow[] {
  return rows.map((row) => ('errors' in row ? row : { draft: withIds(row.draft, nextId) }));
}
