import { type CsvColumn, readHeader } from '../../customers/csv/read-header.js';
import { messageOf } from '../../errors/message-of.js';
import { UsageError } from '../usage-error.js';
import { MalformedCsv, readCsv } from './csv-records.js';

/** Maximum reported rows of a wrong length. */
const NAMED_ROWS = 10;

/** A file that can be imported. */
export interface CheckedFile {
  readonly header: readonly string[];
  readonly columns: readonly CsvColumn[];
  readonly hasBom: boolean;
  /** Rows without the header. */
  readonly rows: number;
  /** The hex SHA-256 of its bytes. */
  readonly fingerprint: string;
}

/**
 * Reads the whole file before anything is stored, and checks its format and columns, but not the customers in it.
 *
 * @throws {UsageError} with every problem found.
 */
export async function checkFile(path: string, delimiter: string): Promise<CheckedFile> {
  try {
    const header = await readFirst(path, delimiter);
    const checked = readHeader(header);
    const { problems, ...rows } = await checkRows(path, delimiter, header.length);
    const all = 'problems' in checked ? [...checked.problems, ...problems] : problems;
    if ('problems' in checked || all.length > 0) throw new UsageError(...all);
    return { header, columns: checked.columns, ...rows };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (error instanceof MalformedCsv) throw new UsageError(error.message);
    throw new UsageError(`Cannot read ${path}: ${messageOf(error)}`);
  }
}

/** Reads only the header, so that its problems are reported even if a later record is malformed. */
async function readFirst(path: string, delimiter: string): Promise<readonly string[]> {
  for await (const { cells } of readCsv(path, delimiter, 1)) return cells;
  throw new UsageError(`${path} is empty. The first line must name the columns.`);
}

async function checkRows(path: string, delimiter: string, width: number) {
  const records = readCsv(path, delimiter);
  const problems: string[] = [];
  let rows = -1;
  try {
    for await (const { cells, line } of records) {
      rows += 1;
      if (cells.length === width) continue;
      problems.push(`Line ${line} has ${cells.length} cells; the header has ${width} columns.`);
      if (problems.length === NAMED_ROWS) break;
    }
  } catch (error) {
    if (!(error instanceof MalformedCsv)) throw error;
    problems.push(error.message);
  }
  return { problems, rows, hasBom: records.hasBom(), fingerprint: records.fingerprint() };
}
