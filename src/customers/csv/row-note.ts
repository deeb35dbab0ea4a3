import { type FieldErrorCode } from '../../validation/field-error-code.js';
import { type ConflictCode } from '../conflict.type.js';

/** An error of a row, with the name of its field. */
export interface RowProblem {
  readonly path: string;
  readonly message: string;
  /** A code of the schema, or `INVALID_VALUE` for text that is no value of the field's type. */
  readonly code: FieldErrorCode | ConflictCode | 'INVALID_VALUE';
}

/**
 * What an import changed in a row that it stored: an optional field that is not valid and was left out, by the code of its error; a
 * website that got a scheme (`COMPLETED`); or several addresses in one cell (`SEVERAL_EMAILS`).
 */
export interface RowNote {
  readonly path: string;
  readonly message: string;
  readonly code: RowProblem['code'] | 'COMPLETED' | 'SEVERAL_EMAILS';
  /** The text in the file. */
  readonly value: string;
}

/** Whether a note is about something of the row that was not stored. */
export function isLoss(note: RowNote): note is RowNote & RowProblem {
  return note.code !== 'COMPLETED' && note.code !== 'SEVERAL_EMAILS';
}
