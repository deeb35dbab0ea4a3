import { stringify } from 'csv-stringify/sync';
import { rejectionColumns } from '../../customers/csv/column-names.js';
import { type RowProblem } from '../../customers/csv/row-note.js';
import { appendText } from './append-text.js';
import { type CheckedFile } from './check-file.js';
import { type CsvRecord } from './csv-records.js';

/** A row that was not stored, and why. */
export interface RejectedRow {
  readonly record: CsvRecord;
  readonly problems: readonly RowProblem[];
}

/**
 * Appends rejected rows to their file, which has the columns and cells of the imported file and two columns more.
 *
 * @param length - expected size of the file, in bytes.
 * @returns the new size.
 */
export async function appendRejected(
  path: string,
  length: number,
  { header, plan, encoding, hasBom, delimiter }: CheckedFile,
  rows: readonly RejectedRow[],
): Promise<number> {
  if (rows.length === 0) return appendText(path, length, '');
  const own = (cells: readonly string[]) => cells.filter((_, place) => !plan.rejection.has(place));
  const lines = rows.map(({ record, problems }) => [
    ...own(record.cells),
    String(record.line),
    problems.map(({ path: column, message, code }) => `${column}: ${message} (${code})`).join('; '),
  ]);
  const isFirst = length === 0;
  const text = stringify(isFirst ? [[...own(header), ...rejectionColumns], ...lines] : lines, {
    delimiter,
    // The file is UTF-8. A spreadsheet that wrote another encoding needs the mark to see that.
    bom: isFirst && (hasBom || encoding !== 'utf-8'),
  });
  return appendText(path, length, text);
}
