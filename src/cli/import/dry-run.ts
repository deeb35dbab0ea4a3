import { type CheckedCsvRow, readRow } from '../../customers/csv/read-row.js';
import { type ImportOutcome } from '../../customers/import/import-outcome.js';
import { type ImportStore } from '../../customers/import/import-store.js';
import { predictBatch, SeenValues } from '../../customers/import/predict-batch.js';
import { limits } from '../../customers/limits.js';
import { type CommandIo } from '../command-io.js';
import { type OutputOptions, print } from '../output.js';
import { fieldSources } from './describe-reading.js';
import { readRows, type ReadRecord } from './file-rows.js';
import { type ImportJob } from './import-job.js';
import { LineCounts } from './line-counts.js';
import { ProgressDisplay } from '../progress-display.js';

/** What an import would do. */
interface Prediction {
  created: number;
  updated: number;
  unchanged: number;
  rejected: number;
  readonly reasons: LineCounts;
  readonly notes: LineCounts;
  readonly seen: SeenValues;
}

/**
 * Checks every row of a file as an import does, against the customers that there are now, and prints what an import would do. Nothing
 * is stored, in the database or beside the file.
 *
 * @returns the number of rows that would be rejected.
 */
export async function dryRun(
  io: CommandIo,
  store: ImportStore,
  job: ImportJob,
  stopping: AbortSignal,
  options: OutputOptions,
): Promise<number> {
  const { files, file, rules } = job;
  const prediction: Prediction = {
    created: 0,
    updated: 0,
    unchanged: 0,
    rejected: 0,
    reasons: new LineCounts(),
    notes: new LineCounts(),
    seen: new SeenValues(),
  };
  const display = new ProgressDisplay(file.rows, io.stderr);
  let batch: ReadRecord[] = [];
  let rows = 0;
  try {
    for await (const record of readRows(files.source, file)) {
      batch.push({ record, row: readRow(file.plan, record.cells, rules) });
      if (batch.length < limits.rows) continue;
      await predict(store, job, batch, prediction);
      rows += batch.length;
      batch = [];
      display.show(rows);
      if (stopping.aborted) throw new Error(`Stopped after ${rows} of ${file.rows} rows.`);
    }
    await predict(store, job, batch, prediction);
  } finally {
    display.end();
  }
  printPrediction(io, options, job, prediction);
  return prediction.rejected;
}

async function predict(
  store: ImportStore,
  { teamId, upsertBy }: ImportJob,
  batch: readonly ReadRecord[],
  prediction: Prediction,
): Promise<void> {
  const valid = batch.flatMap(({ row }) => ('draft' in row ? [row] : []));
  const outcomes = (await predictBatch(store, teamId, upsertBy, valid, prediction.seen)).values();
  for (const { record, row } of batch) {
    const outcome = 'draft' in row ? (outcomes.next().value ?? 'CREATED') : row;
    count(prediction, record.line, row, outcome);
  }
}

function count(prediction: Prediction, line: number, row: CheckedCsvRow, outcome: ImportOutcome): void {
  if (typeof outcome === 'object') {
    prediction.rejected += 1;
    for (const problem of outcome.problems) prediction.reasons.add(problem, line);
    return;
  }
  if (outcome === 'CREATED') prediction.created += 1;
  else if (outcome === 'UPDATED') prediction.updated += 1;
  else prediction.unchanged += 1;
  if ('notes' in row) for (const note of row.notes) prediction.notes.add(note, line);
}

function printPrediction(
  io: CommandIo,
  options: OutputOptions,
  { file, upsertBy }: ImportJob,
  { created, updated, unchanged, rejected, reasons, notes, seen }: Prediction,
): void {
  const answer = {
    dryRun: true,
    rows: file.rows,
    created,
    updated,
    unchanged,
    rejected,
    reasons: reasons.list(),
    otherReasons: reasons.others,
    notes: notes.total,
    noteReasons: notes.list(),
    layout: file.plan.layout?.name ?? null,
    encoding: file.encoding,
    delimiter: file.delimiter,
    fields: fieldSources(file.plan),
    ignoredColumns: file.plan.ignored.map((place) => file.plan.header[place] ?? ''),
  };
  const lines = [
    `rows             ${file.rows}`,
    `would create     ${created}`,
    ...(upsertBy ? [`would update     ${updated}`, `would not change ${unchanged}`] : []),
    `would reject     ${rejected}`,
    ...reasons.lines(),
    ...(notes.total > 0 ? [`notes            ${notes.total}`, ...notes.lines()] : []),
    ...(seen.isComplete
      ? []
      : ['Rows with the same email or external ID were looked for in the first rows only.']),
    'Nothing was stored.',
  ];
  print(io, options, answer, lines.join('\n'));
}
