import { createHash } from 'node:crypto';
import { requiredColumns } from '../../customers/csv/column-names.js';
import { type ColumnPlan, planColumns, type ProposedPlan } from '../../customers/csv/column-plan.js';
import { type PlanOptions } from '../../customers/csv/plan-options.js';
import { type RowRules } from '../../customers/csv/read-row.js';
import { messageOf } from '../../errors/message-of.js';
import { UsageError } from '../usage-error.js';
import { type CsvFormat, type CsvRecord, readCsv } from './csv-records.js';
import { encodingOf, type FileEncoding } from './file-encoding.js';
import { lengthProblem, recordsAfterHeader } from './file-rows.js';
import { findHeader, type FoundHeader } from './find-header.js';
import { MalformedCsv } from './malformed-csv.js';

/** Maximum reported rows of a wrong length, and maximum reported problems of the header. */
const NAMED_ROWS = 10;
const NAMED_COLUMNS = 50;

/** Rows in which a preview looks for samples. */
const SAMPLE_ROWS = 20;

/** Maximum lines after the last row. */
const MAX_FOOTER_LINES = 5;

/** How a file is read. What is not given is detected. */
export interface ReadOptions {
  readonly encoding?: string | undefined;
  readonly delimiter?: string | undefined;
  readonly columns: PlanOptions;
}

/** A file that can be imported. */
export interface CheckedFile extends CsvFormat, FileEncoding, FoundHeader {
  readonly plan: ColumnPlan;
  /** Rows without the header. */
  readonly rows: number;
  /** Lines after the last row that are no rows, such as the date of a report. */
  readonly footers: readonly string[];
  /** The hex SHA-256 of its bytes. */
  readonly fingerprint: string;
}

/**
 * Reads the whole file before anything is stored, and checks its format and columns, but not the customers in it.
 *
 * @throws {UsageError} with every problem found.
 */
export async function checkFile(path: string, options: ReadOptions): Promise<CheckedFile> {
  return withUsageErrors(path, async () => {
    const encoding = await encodingOf(path, options.encoding);
    const found = await findHeader(path, encoding.encoding, options.delimiter, options.columns);
    const file = { ...encoding, ...found };
    const proposed = planColumns(found.header, options.columns);
    const plan = proposed.problems.length === 0 ? proposed.plan : undefined;
    const { problems, ...rows } = await checkRows(path, file, plan);
    if (!plan || problems.length > 0) throw new UsageError(...shortened(proposed.problems), ...problems);
    return { ...file, plan, ...rows };
  });
}

/** Reports errors of reading as errors of the file. */
async function withUsageErrors<Result>(path: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (error instanceof MalformedCsv) throw new UsageError(error.message);
    throw new UsageError(`Cannot read ${path}: ${messageOf(error)}`);
  }
}

/** Identifies how the rows of a file are read. */
export function readingOf({ plan, encoding, skipped }: CheckedFile, rules: RowRules): string {
  const fields = plan.fields.map(({ name, sources }) => [name, sources]);
  const reading = [fields, plan.isOwn, plan.firstIsPrimary, encoding, skipped, rules];
  return createHash('sha256').update(JSON.stringify(reading)).digest('hex');
}

/** The columns of a file that is not checked yet. */
export interface FilePreview extends ProposedPlan {
  /** The first text in each column, by the column's place. */
  readonly samples: readonly (string | undefined)[];
}

/** Reads the header and the first rows of a file. @throws {UsageError} if it cannot be read. */
export async function previewFile(path: string, options: ReadOptions): Promise<FilePreview> {
  return withUsageErrors(path, async () => {
    const { encoding } = await encodingOf(path, options.encoding);
    const found = await findHeader(path, encoding, options.delimiter, options.columns);
    const samples: (string | undefined)[] = [];
    const records = readCsv(path, { encoding, delimiter: found.delimiter }, found.skipped + 1 + SAMPLE_ROWS);
    for await (const { cells } of recordsAfterHeader(records, found)) {
      for (const place of found.header.keys()) samples[place] ??= cells[place]?.trim() || undefined;
    }
    return { ...planColumns(found.header, options.columns), samples };
  });
}

async function checkRows(path: string, file: CsvFormat & FoundHeader, plan: ColumnPlan | undefined) {
  const records = readCsv(path, file);
  const needed = plan ? neededCells(plan) : file.header.length;
  const problems: string[] = [];
  // Lines after the last row, as reports have them. Before a row, such a line is a broken row.
  let footers: { readonly text: string; readonly problem: string }[] = [];
  let rows = 0;
  try {
    for await (const record of recordsAfterHeader(records, file)) {
      const problem = lengthProblem(record, file, needed);
      const text = problem === undefined ? undefined : onlyCell(record);
      if (problem !== undefined && text !== undefined && footers.length < MAX_FOOTER_LINES) {
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
    problems.push(error.message);
  }
  return { problems, rows, footers: footers.map(({ text }) => text), fingerprint: records.fingerprint() };
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

function shortened(problems: readonly string[]): readonly string[] {
  const more = problems.length - NAMED_COLUMNS;
  return more > 0 ? [...problems.slice(0, NAMED_COLUMNS), `… and ${more} more.`] : problems;
}
