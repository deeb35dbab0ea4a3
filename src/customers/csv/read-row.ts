import { isBlank } from '../../validation/clean-text.js';
import { blank } from '../../validation/text-rules.js';
import { validateCustomer } from '../create/validate-customer.js';
import { type CustomerDraft } from '../customer-rules.js';
import { type ColumnPlan } from './column-plan.js';
import { columnError, dropFields, isDroppable, setLists } from './drop-fields.js';
import { readCells } from './row-input.js';
import { isLoss, type RowNote, type RowProblem } from './row-note.js';

/** The customer of a valid row. */
export interface CsvDraft {
  readonly draft: CustomerDraft;
  /** Whether the row has a status. Without one, the draft's is the default. */
  readonly hasStatus: boolean;
}

/** A valid row. */
export interface CsvRow extends CsvDraft {
  /** What was changed or left out. */
  readonly notes: readonly RowNote[];
}

/** The customer of a row, or all errors of the row. */
export type CheckedCsvRow = CsvRow | { readonly problems: readonly RowProblem[] };

/** What makes a row invalid beside the rules of `createCustomers`. */
export interface RowRules {
  /** Whether a row is invalid if any of its fields is. Default: optional fields that are not valid are left out, with a note. */
  readonly isStrict?: boolean;
  /** Whether a row without an external ID is invalid. Default: no. */
  readonly needsExternalId?: boolean;
}

/** How often fields are left out. The second time, it is contacts that had no other field. */
const MAX_DROPS = 2;

/** Reads a row and checks it by the rules of `createCustomers`. */
export function readRow(plan: ColumnPlan, cells: readonly string[], rules: RowRules = {}): CheckedCsvRow {
  const row = readCells(plan, cells);
  for (let drops = 0; ; drops += 1) {
    const { input, notes } = row;
    const checked = validateCustomer(setLists(row));
    const errors = 'errors' in checked ? checked.errors : [];
    const missing = rules.needsExternalId && isBlank(input.externalId ?? '') ? [missingExternalId] : [];
    const losses = notes.filter(isLoss);
    const isValid = errors.length === 0 && missing.length === 0 && (losses.length === 0 || !rules.isStrict);
    if (isValid && 'draft' in checked) {
      return { draft: checked.draft, hasStatus: (input.status ?? null) !== null, notes };
    }
    const canDrop = !rules.isStrict && missing.length === 0 && drops < MAX_DROPS;
    if (!canDrop || !errors.every(isDroppable)) {
      return {
        problems: [...losses, ...errors.map((error) => columnError(row, error)), ...missing].map(problemOf),
      };
    }
    dropFields(row, errors);
  }
}

const missingExternalId: RowProblem = { path: 'externalId', ...blank };

const problemOf = ({ path, message, code }: RowProblem): RowProblem => ({ path, message, code });
