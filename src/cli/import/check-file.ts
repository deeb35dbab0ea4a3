import { type CsvColumn, readHeader } from '../../customers/csv/read-header.js';
import { messageOf } from '../../errors/message-of.js';
import { UsageError } from '../usage-error.js';
import { MalformedCsv, readCsv } from './csv-records.js';

/** Rows of a wrong length that are named; more of them would tell nobody anything new. */
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
 * Reads a file from its start to its end before anything of it is stored, and looks at all but the customers in it.
 *
 * @throws {UsageError} with everything that keeps it from being imported.
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
    throw new UsageError(`${path} cannot be read: ${messageOf(error)}`);
  }
}

/** The header alone: a record behind it that is malformed does not keep us from naming what is wrong with both. */
async function readFirst(path: string, delimiter: string): Promise<readonly string[]> {
  for await (const { cells } of readCsv(path, delimiter, 1)) return cells;
  throw new UsageError(`${path} is empty: its first line has to name the columns.`);
}

async function checkRows(path: string, delimiter: string, width: number) {
  const records = readCsv(path, delimiter);
  const problems: string[] = [];
  let rows = -1;
  try {
    for await (const { cells, line } of records) {
      rows += 1;
      if (cells.length === width) continue;
      problems.push(`Line ${line} has ${cells.length} cells, and there are ${width} columns.`);
      if (problems.length === NAMED_ROWS) break;
    }
  } catch (error) {
    if (!(error instanceof MalformedCsv)) throw error;
    problems.push(error.message);
  }
  return { problems, rows, hasBom: records.hasBom(), fingerprint: records.fingerprint() };
}
