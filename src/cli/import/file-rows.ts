import { type CheckedCsvRow } from '../../customers/csv/read-row.js';
import { type CheckedFile } from './check-file.js';
import { type CsvRecord, type CsvRecords, readCsv } from './csv-records.js';
import { type FoundHeader } from './find-header.js';

/** A record of the file and the customer in it. */
export interface ReadRecord {
  readonly record: CsvRecord;
  readonly row: CheckedCsvRow;
}

/** The rows of a checked file, each with as many cells as the header has columns. */
export function readRows(path: string, file: CheckedFile): CsvRecords {
  const records = readCsv(path, file);
  async function* rows(): AsyncGenerator<CsvRecord> {
    let left = file.rows;
    // The file is read to its end, for the fingerprint.
    for await (const { cells, line } of recordsAfterHeader(records, file)) {
      left -= 1;
      if (left >= 0) yield { cells: fitted(cells, file.header.length), line };
    }
  }
  return { [Symbol.asyncIterator]: rows, fingerprint: () => records.fingerprint() };
}

/** The records after the header, as they are. */
export async function* recordsAfterHeader(
  records: CsvRecords,
  { skipped }: Pick<FoundHeader, 'skipped'>,
): AsyncGenerator<CsvRecord> {
  let before = skipped + 1;
  for await (const record of records) {
    if (before > 0) before -= 1;
    else yield record;
  }
}

/**
 * What is wrong with the length of a row, if anything is. Blank cells after the last column are no cells. A row can lack cells at its
 * end, as some programs write it, if none of them is needed.
 *
 * @param needed - cells that every row must have.
 */
export function lengthProblem(
  { cells, line }: CsvRecord,
  { header }: Pick<FoundHeader, 'header'>,
  needed: number,
): string | undefined {
  const tooShort = cells.length < needed;
  const tooLong = cells.slice(header.length).some((cell) => cell.trim() !== '');
  if (!tooShort && !tooLong) return undefined;
  return `Line ${line} has ${cells.length} cells; the header has ${header.length} columns.`;
}

function fitted(cells: readonly string[], width: number): readonly string[] {
  if (cells.length === width) return cells;
  return Array.from({ length: width }, (_, place) => cells[place] ?? '');
}
