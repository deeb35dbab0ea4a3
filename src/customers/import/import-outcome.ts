import { type Conflict } from '../conflict.type.js';
import { type RowProblem } from '../csv/row-note.js';

/** A row that was not stored. */
export interface Rejection {
  readonly problems: readonly RowProblem[];
}

/** The outcome of a row. */
export type ImportOutcome = 'CREATED' | 'UPDATED' | 'UNCHANGED' | Rejection;

/** The outcomes of a batch, by row number. */
export type ImportOutcomes = ReadonlyMap<number, ImportOutcome>;

/** The rejection of a row that conflicts with another customer. */
export function rejectionOf({ code, message, details }: Conflict): Rejection {
  return { problems: [{ path: details.field, code, message }] };
}
