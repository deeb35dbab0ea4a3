import { stringify } from 'csv-stringify/sync';
import { type RowNote } from '../../customers/csv/row-note.js';
import { appendText } from './append-text.js';
import { shortText } from './short-text.js';

/** What an import changed in a row that it stored. */
export interface NotedRow {
  /** Line of the row, from 1. */
  readonly line: number;
  readonly notes: readonly RowNote[];
}

/** Characters of a value that are quoted. The whole value is in the imported file. */
const MAX_VALUE_LENGTH = 200;

const columns = ['line', 'field', 'note', 'code', 'value'];

/**
 * Appends notes to their file, a CSV file in UTF-8 with a byte order mark, for spreadsheets.
 *
 * @param length - expected size of the file, in bytes.
 * @returns the new size.
 */
export async function appendNotes(path: string, length: number, rows: readonly NotedRow[]): Promise<number> {
  const lines = rows.flatMap(({ line, notes }) =>
    notes.map(({ path: field, message, code, value }) => [
      String(line),
      field,
      message,
      code,
      shortText(value, MAX_VALUE_LENGTH),
    ]),
  );
  if (lines.length === 0) return appendText(path, length, '');
  const isFirst = length === 0;
  const text = stringify(isFirst ? [columns, ...lines] : lines, { bom: isFirst, escape_formulas: true });
  return appendText(path, length, text);
}
