import { createHash } from 'node:crypto';
import { type ColumnPlan, planColumns, type ProposedPlan } from '../../customers/csv/column-plan.js';
import { type PlanOptions } from '../../customers/csv/plan-options.js';
import { type RowRules } from '../../customers/csv/read-row.js';
import { messageOf } from '../../errors/message-of.js';
import { UsageError } from '../usage-error.js';
import { type CheckedRows, checkRows } from './check-rows.js';
import { readCsv } from './csv-records.js';
import { encodingOf, type FileEncoding } from './file-encoding.js';
import { recordsAfterHeader } from './file-rows.js';
import { findHeader, type FoundHeader } from './find-header.js';
import { MalformedCsv } from './malformed-csv.js';
import { listedNames } from './short-text.js';

/** Maximum reported problems of the header. */
const NAMED_PROBLEMS = 50;

/** Rows in which a preview looks for samples. */
const SAMPLE_ROWS = 20;

/** How a file is read. What is not given is detected. */
export interface ReadOptions {
  readonly encoding?: string | undefined;
  readonly delimiter?: string | undefined;
  readonly columns: PlanOptions;
}

/** A file that can be imported. */
export interface CheckedFile extends FileEncoding, FoundHeader, CheckedRows {
  readonly plan: ColumnPlan;
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
    const proposed = planColumns(found.header, options.columns);
    const plan = proposed.problems.length === 0 ? proposed.plan : undefined;
    const file = { ...encoding, ...found };
    const { problems, ...rows } = await checkRows(path, file, plan);
    if (!plan || problems.length > 0) throw new UsageError(...columnProblems(proposed), ...problems);
    return { ...file, ...rows, plan };
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
    try {
      const records = readCsv(path, { ...found, encoding }, found.skipped + 1 + SAMPLE_ROWS);
      for await (const { cells } of recordsAfterHeader(records, found)) {
        for (const place of found.header.keys()) samples[place] ??= cells[place]?.trim() || undefined;
      }
    } catch (error) {
      // The check of all rows reports it.
      if (!(error instanceof MalformedCsv)) throw error;
    }
    return { ...planColumns(found.header, options.columns), samples };
  });
}

/** The problems of the columns, and how to name columns that are missing. */
function columnProblems({ plan, problems, missing }: ProposedPlan): readonly string[] {
  const names = plan.header.filter((name) => name !== '');
  const help = missing.map(
    (field) => `Name the column of the file with --map "COLUMN=${field}": ${listedNames(names, '; ')}.`,
  );
  const more = problems.length - NAMED_PROBLEMS;
  const first = more > 0 ? [...problems.slice(0, NAMED_PROBLEMS), `… and ${more} more.`] : problems;
  return [...first, ...help.slice(0, 1)];
}
