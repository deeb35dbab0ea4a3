import { requiredColumns } from '../../customers/csv/column-names.js';
import { type ColumnPlan } from '../../customers/csv/column-plan.js';
import { type CsvFormat, type CsvRecord, readCsv } from './csv-records.js';
import { lengthProblem, recordsAfterHeader } from './file-rows.js';
import { type FoundHeader } from './find-header.js';
import { MalformedCsv } from './malformed-csv.js';

/** Maximum reported rows of a wrong length. */
const NAMED_ROWS = 10;

/** Maximum lines after the last row of a file that has titles. */
const MAX_FOOTER_LINES = 5;

/** The rows of a file, without the header. */
export interface CheckedRows {
  readonly rows: number;
  /** Lines after the last row that are no rows, such as the date of a report. */
  readonly footers: readonly string[];
  /** The hex SHA-256 of the bytes of the file. */
  readonly fingerprint: string;
  /** Whether cells such as `="0123"` are not quoted. */
  readonly hasTextFormulas: boolean;
}

/**
 * Reads all rows of a file and checks their lengths.
 *
 * @param plan - the columns that are read, if they are clear.
 */
export async function checkRows(
  path: string,
  file: CsvFormat & FoundHeader,
  plan: ColumnPlan | undefined,
): Promise<CheckedRows & { readonly problems: readonly string[] }> {
  const records = readCsv(path, file);
  const needed = plan ? neededCells(plan) : file.header.length;
  const problems: string[] = [];
  // Lines after the last row, as reports have them, which have titles too. Before a row, such a line is a broken row.
  const maxFooters = file.titles.length > 0 ? MAX_FOOTER_LINES : 0;
  let footers: { readonly text: string; readonly problem: string }[] = [];
  let rows = 0;
  try {
    for await (const record of recordsAfterHeader(records, file)) {
      const problem = lengthProblem(record, file, needed);
      const text = problem === undefined ? undefined : onlyCell(record);
      if (problem !== undefined && text !== undefined && footers.length < maxFooters) {
        footers.push({ text, problem });
        continue;
      }
      problems.push(...footers.map((footer) => footer.problem), ...(problem === undefined ? [] : [problem]));
      rows += 1 + footers.length;
      footers = [];
      if (problems.length >= NAMED_ROWS) break;
    }
  } catch (error) {
    if (!(error instanceof MalformedCsv)) throw error;
    if (error.isQuoteInCell && !file.hasTextFormulas && file.delimiter < '\u0080') {
      const checked = await checkRows(path, { ...file, hasTextFormulas: true }, plan);
      if (checked.problems.length === 0) return checked;
    }
    problems.push(error.message);
  }
  return {
    problems,
    rows,
    footers: footers.map(({ text }) => text),
    fingerprint: records.fingerprint(),
    hasTextFormulas: file.hasTextFormulas ?? false,
  };
}

/** The text of a line that has one cell with text, the first. */
function onlyCell({ cells: [first = '', ...rest] }: CsvRecord): string | undefined {
  return first.trim() !== '' && rest.every((cell) => cell.trim() === '') ? first.trim() : undefined;
}

/** How many cells a row has at least if it has those of the required fields. */
function neededCells({ fields }: ColumnPlan): number {
  const required = fields.filter(({ name }) => requiredColumns.some((column) => column === name));
  return (
    1 + required.flatMap(({ sources }) => sources.flat()).reduce((last, place) => Math.max(last, place), 0)
  );
}
