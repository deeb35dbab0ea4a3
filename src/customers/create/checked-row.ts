import { type Checked } from '../../validation/field-errors.js';
import { type CustomerDraft } from '../customer-rules.js';
import { type NewCustomer, assignIds } from '../new-customer.js';

/** A checked row: a customer to store, or its errors. */
export type CheckedRow<Draft = NewCustomer> = Checked<{ readonly draft: Draft }>;

/** Gives the customers of checked rows their ids, by default new ones. */
export function identify(rows: readonly CheckedRow<CustomerDraft>[], nextId?: () => string): CheckedRow[] {
  return rows.map((row) => ('errors' in row ? row : { draft: assignIds(row.draft, nextId) }));
}
