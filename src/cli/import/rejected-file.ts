import { constants } from 'node:fs';
import { rm } from 'node:fs/promises';
import { stringify } from 'csv-stringify/sync';
import { rejectionColumns } from '../../customers/csv/column-names.js';
import { type RowProblem } from '../../customers/csv/read-row.js';
import { openRegularFile } from '../regular-file.js';
import { type CsvRecord } from './csv-records.js';
import { type CheckedFile } from './check-file.js';

/** To read and append, and to create the file. */
const FLAGS = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT;

/** A row that was not stored, and why. */
export interface RejectedRow {
  readonly record: CsvRecord;
  readonly problems: readonly RowProblem[];
}

/**
 * Appends rejected rows to their file, which has the columns of the imported file and two more, and syncs it to disk. Content
 * after `length` is from a run that was killed, and is truncated.
 *
 * @param length - expected size of the file, in bytes.
 * @returns the new size.
 */
export async function appendRejected(
  path: string,
  length: number,
  { header, columns, hasBom }: CheckedFile,
  delimiter: string,
  rows: readonly RejectedRow[],
): Promise<number> {
  if (rows.length === 0 && length === 0) {
    await rm(path, { force: true });
    return 0;
  }
  const own = (cells: readonly string[]) => cells.filter((_, place) => columns[place]?.kind !== 'rejection');
  const lines = rows.map(({ record, problems }) => [
    ...own(record.cells),
    String(record.line),
    problems.map(({ path: column, message, code }) => `${column}: ${message} (${code})`).join('; '),
  ]);
  const isFirst = length === 0;
  const text = stringify(isFirst ? [[...own(header), ...rejectionColumns], ...lines] : lines, {
    delimiter,
    bom: isFirst && hasBom,
  });

  const file = await openRegularFile(path, FLAGS);
  try {
    if ((await file.stat()).size < length) throw new Error(`${path} was modified during the import.`);
    await file.truncate(length);
    await file.appendFile(text);
    await file.datasync();
    return length + Buffer.byteLength(text);
  } finally {
    await file.close();
  }
}
