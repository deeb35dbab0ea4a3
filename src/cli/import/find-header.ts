import { countKnownNames } from '../../customers/csv/known-names.js';
import { type PlanOptions } from '../../customers/csv/plan-options.js';
import { UsageError } from '../usage-error.js';
import { type CsvFormat, type CsvRecord, readCsv } from './csv-records.js';
import { MalformedCsv } from './malformed-csv.js';

/** The delimiters that are tried, in the order of preference. */
const delimiters = [',', ';', '\t', '|'];

/** Maximum lines before the header. */
export const MAX_TITLE_LINES = 20;

/** A line with fewer known names of columns is a header only if it is the first. */
const MIN_KNOWN_NAMES = 2;

/** Where a file's header is, and how its cells are separated. */
export interface FoundHeader {
  readonly delimiter: string;
  readonly header: readonly string[];
  /** Line of the header, from 1. */
  readonly line: number;
  /** Records before the header. */
  readonly skipped: number;
  /** The first characters of titles before the header. */
  readonly titles: readonly string[];
}

/** A delimiter that is tried, and the line that is the header with it. */
interface Candidate extends FoundHeader {
  /** Cells that name a known column. */
  readonly known: number;
}

/**
 * Finds the header of a file among its first lines, and its delimiter: the one with which the header has the most known names, or else
 * the most cells. A line `sep=;`, which Excel reads, decides on the delimiter.
 *
 * @param delimiter - default: detected.
 * @throws {UsageError} if the file is empty.
 */
export async function findHeader(
  path: string,
  encoding: string,
  delimiter: string | undefined,
  options: PlanOptions,
): Promise<FoundHeader> {
  const candidates: Candidate[] = [];
  let malformed: MalformedCsv | undefined;
  for (const tried of delimiter === undefined ? delimiters : [delimiter]) {
    const { lines, error } = await firstLines(path, { encoding, delimiter: tried });
    malformed ??= error;
    const separator = /^sep=(.)$/i.exec(lines[0]?.cells.join(tried).trim() ?? '')?.[1];
    if (delimiter === undefined && separator !== undefined && separator !== tried) {
      return findHeader(path, encoding, separator, options);
    }
    const found = headerAmong(lines, separator === undefined ? 0 : 1, tried, options);
    if (found) candidates.push(found);
  }
  const [best] = candidates.toSorted((a, b) => b.known - a.known || b.header.length - a.header.length);
  if (!best) throw malformed ?? new UsageError(`${path} is empty. The first line must name the columns.`);
  return best;
}

function headerAmong(
  lines: readonly CsvRecord[],
  from: number,
  delimiter: string,
  options: PlanOptions,
): Candidate | undefined {
  const known = lines.map(({ cells }) => countKnownNames(cells, options));
  const most = Math.max(...known.slice(from));
  const skipped = most >= MIN_KNOWN_NAMES ? known.indexOf(most, from) : from;
  const header = lines[skipped];
  if (!header) return undefined;
  const titles = lines.slice(from, skipped).map(({ cells }) => cells.join(' ').trim());
  return {
    delimiter,
    header: withoutBlankEnd(header.cells),
    line: header.line,
    skipped,
    titles,
    known: known[skipped] ?? 0,
  };
}

/** Spreadsheets write cells for columns that have been emptied. */
function withoutBlankEnd(cells: readonly string[]): readonly string[] {
  return cells.slice(0, cells.findLastIndex((cell) => cell.trim() !== '') + 1);
}

/** The first records, up to one that is malformed. */
async function firstLines(path: string, format: CsvFormat) {
  let malformed: MalformedCsv | undefined;
  // The parser forgets the records that it has read before a malformed one.
  for (let count = MAX_TITLE_LINES + 1; count > 0; count -= 1) {
    const lines: CsvRecord[] = [];
    try {
      for await (const record of readCsv(path, format, count)) lines.push(record);
      return { lines, error: malformed };
    } catch (error) {
      // With another delimiter, a quote can be in a wrong place. With the right one, the check of all rows finds it again.
      if (!(error instanceof MalformedCsv)) throw error;
      malformed = error;
    }
  }
  return { lines: [], error: malformed };
}
