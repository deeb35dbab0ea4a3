import { readRow } from '../../customers/csv/read-row.js';
import { type ImportIdentity, type ImportRow } from '../../customers/import/batch.js';
import { importBatch } from '../../customers/import/import-batch.js';
import { type ImportOutcomes } from '../../customers/import/import-outcome.js';
import { type ImportStore } from '../../customers/import/import-store.js';
import { upsertBatch } from '../../customers/import/upsert-batch.js';
import { limits } from '../../customers/limits.js';
import { upsertKeys } from '../../customers/upsert/upsert-key.js';
import { type Output } from '../command-io.js';
import { type Checkpoint, writeCheckpoint } from './checkpoint.js';
import { readRows, type ReadRecord } from './file-rows.js';
import { type ImportJob } from './import-job.js';
import { appendNotes, type NotedRow } from './notes-file.js';
import { ProgressDisplay } from '../progress-display.js';
import { appendRejected, type RejectedRow } from './rejected-file.js';
import { addReasons } from './rejection-reasons.js';
import { startImport } from './start-import.js';

/**
 * Imports the remaining rows of a file in batches, with a checkpoint after each. If `stopping` is aborted, the import ends
 * after the current batch.
 *
 * First the batch is stored, then its rejected rows are written to disk, then the checkpoint. An import that was killed in
 * between repeats the batch, which stores no row twice and overwrites the rejected rows.
 *
 * @param onStart - runs before the first batch.
 */
export async function runImport(
  store: ImportStore,
  job: ImportJob,
  stderr: Output,
  stopping: AbortSignal,
  onStart: (checkpoint: Checkpoint) => Promise<void>,
): Promise<Checkpoint> {
  const display = new ProgressDisplay(job.file.rows, stderr);
  const start = await startImport(job, stderr);
  await onStart(start.checkpoint);
  let progress = start.checkpoint;
  const importRecords = async (records: readonly ReadRecord[]) => {
    // The earlier run can have stored the batch after its checkpoint, and no later one.
    const isRepeated = start.isResumed && progress === start.checkpoint;
    const first = progress.rows;
    const rows = records.flatMap(({ row }, index): ImportRow[] =>
      'draft' in row ? [{ ...row, row: first + index }] : [],
    );
    const outcomes = await importRows(store, job, progress, rows, isRepeated);
    progress = await recordOutcomes(job, progress, records, outcomes);
    display.show(progress.rows);
  };
  try {
    for await (const batch of batchesOf(job, progress.rows)) {
      if (stopping.aborted) break;
      await importRecords(batch);
    }
    return progress;
  } finally {
    display.end();
  }
}

/**
 * The remaining records in batches of at most 100. If rows update customers, no two of a batch have the same key, so the later one
 * finds what the earlier one stored, also when the batch of either is repeated.
 *
 * @throws before the last batch when the file was modified.
 */
async function* batchesOf(
  { files, file, rules, upsertBy }: ImportJob,
  finished: number,
): AsyncGenerator<readonly ReadRecord[]> {
  const records = readRows(files.source, file);
  let batch: ReadRecord[] = [];
  const keys = new Set<string>();
  const take = () => {
    const taken = batch;
    batch = [];
    keys.clear();
    return taken;
  };
  let number = 0;
  for await (const record of records) {
    number += 1;
    if (number <= finished) continue;
    const row = readRow(file.plan, record.cells, rules);
    const key = upsertBy && 'draft' in row ? upsertKeys[upsertBy].valueOf(row.draft) : null;
    if (key !== null && keys.has(key)) yield take();
    if (key !== null) keys.add(key);
    batch.push({ record, row });
    if (batch.length === limits.rows) yield take();
  }
  if (records.fingerprint() !== file.fingerprint) {
    const remedy = upsertBy ? '' : '; restore the original file';
    throw new Error(`${files.source} was modified during the import${remedy}`);
  }
  if (batch.length > 0) yield batch;
}

function importRows(
  store: ImportStore,
  { teamId, upsertBy }: ImportJob,
  identity: ImportIdentity,
  rows: readonly ImportRow[],
  isRepeated: boolean,
): Promise<ImportOutcomes> {
  const batch = { teamId, identity, rows };
  return upsertBy ? upsertBatch(store, { ...batch, by: upsertBy, isRepeated }) : importBatch(store, batch);
}

/** Writes the rejected rows of a batch and then the checkpoint. */
async function recordOutcomes(
  { files, file }: ImportJob,
  progress: Checkpoint,
  records: readonly ReadRecord[],
  outcomes: ImportOutcomes,
): Promise<Checkpoint> {
  const counts = { created: 0, updated: 0, unchanged: 0 };
  const rejected: RejectedRow[] = [];
  const noted: NotedRow[] = [];
  for (const [index, { record, row }] of records.entries()) {
    const outcome = 'problems' in row ? row : outcomes.get(progress.rows + index);
    if (outcome === 'CREATED') counts.created += 1;
    else if (outcome === 'UPDATED') counts.updated += 1;
    else if (outcome === 'UNCHANGED') counts.unchanged += 1;
    else if (outcome) rejected.push({ record, problems: outcome.problems });
    else throw new Error(`Row ${progress.rows + index} has no outcome`);
    if ('draft' in row && typeof outcome === 'string' && row.notes.length > 0) {
      noted.push({ line: record.line, notes: row.notes });
    }
  }
  const length = progress.rejectedBytes;
  const next = {
    ...progress,
    ...addReasons(
      progress,
      rejected.flatMap(({ problems }) => problems),
    ),
    rows: progress.rows + records.length,
    created: progress.created + counts.created,
    updated: progress.updated + counts.updated,
    unchanged: progress.unchanged + counts.unchanged,
    rejected: progress.rejected + rejected.length,
    rejectedBytes:
      rejected.length === 0 ? length : await appendRejected(files.rejected, length, file, rejected),
    notes: noted.reduce((count, { notes }) => count + notes.length, progress.notes),
    notesBytes:
      noted.length === 0 ? progress.notesBytes : await appendNotes(files.notes, progress.notesBytes, noted),
  };
  await writeCheckpoint(files.checkpoint, next);
  return next;
}
