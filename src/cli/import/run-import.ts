import { randomUUID } from 'node:crypto';
import { type MikroORM } from '@mikro-orm/postgresql';
import { readRow } from '../../customers/csv/read-row.js';
import { type CustomerRepository } from '../../customers/customer-repository.js';
import { importBatch, type NumberedDraft } from '../../customers/import/import-batch.js';
import { limits } from '../../customers/limits.js';
import { type Output } from '../command-io.js';
import { checkReplaceable, statsOf } from '../regular-file.js';
import { UsageError } from '../usage-error.js';
import { type CheckedFile } from './check-file.js';
import { type CsvRecord, readCsv } from './csv-records.js';
import { type ImportFiles } from './import-files.js';
import { ProgressDisplay } from './progress-display.js';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.js';
import { appendRejected, type RejectedRow } from './rejected-file.js';

/** Parameters of an import. */
export interface ImportJob {
  readonly files: ImportFiles;
  readonly file: CheckedFile;
  readonly delimiter: string;
  readonly teamId: string;
}

/** The database to import into. */
export interface ImportTarget {
  readonly orm: MikroORM;
  readonly customers: CustomerRepository;
}

/**
 * Imports the remaining rows of a file in batches, with a checkpoint after each. If `stopping` is aborted, the import ends
 * after the current batch.
 *
 * First the batch is stored, then its rejected rows are written to disk, then the checkpoint. An import that was killed in
 * between repeats the batch, which creates no customer twice and overwrites the rejected rows.
 */
export async function runImport(
  target: ImportTarget,
  job: ImportJob,
  stderr: Output,
  stopping: AbortSignal,
): Promise<Checkpoint> {
  const display = new ProgressDisplay(job.file.rows, stderr);
  let progress = await startOrGoOn(job, stderr);
  const record = async (batch: readonly CsvRecord[]) => {
    progress = await importRecords(target, job, progress, batch);
    display.show(progress.rows);
  };
  try {
    let batch: CsvRecord[] = [];
    // The header is record -1.
    let row = -1;
    const records = readCsv(job.files.source, job.delimiter);
    for await (const next of records) {
      if (stopping.aborted && batch.length === 0) return progress;
      row += 1;
      if (row <= progress.rows) continue;
      batch.push(next);
      if (batch.length < limits.rows) continue;
      await record(batch);
      batch = [];
    }
    if (records.fingerprint() !== job.file.fingerprint) {
      throw new Error(`${job.files.source} was modified during the import; restore the original file`);
    }
    if (batch.length > 0) await record(batch);
    return progress;
  } finally {
    display.end();
  }
}

async function startOrGoOn(
  { files, file, delimiter, teamId }: ImportJob,
  stderr: Output,
): Promise<Checkpoint> {
  const { fingerprint } = file;
  const earlier = await readCheckpoint(files.checkpoint);
  if (!earlier) {
    await checkReplaceable(files.rejected);
    if (await statsOf(files.rejected)) {
      throw new UsageError(
        `${files.rejected} already exists, with rows rejected by an earlier import. Import, move or remove it first.`,
      );
    }
    const identity = { importId: randomUUID(), startedAt: Date.now() };
    const counts = { rows: 0, created: 0, rejected: 0, rejectedBytes: 0 };
    const first = { ...identity, fingerprint, delimiter, teamId, ...counts };
    await writeCheckpoint(files.checkpoint, first);
    return first;
  }
  const differs = [
    ...(earlier.fingerprint === fingerprint ? [] : ['the file has changed']),
    ...(earlier.delimiter === delimiter ? [] : ['the delimiter is different']),
    ...(earlier.teamId === teamId ? [] : [`the team was ${earlier.teamId}`]),
  ];
  if (differs.length > 0) {
    throw new UsageError(
      `${files.checkpoint} belongs to an import that was stopped after ${earlier.rows} rows, but ${differs.join(', ')}.`,
      'Resume that import with its original file and options, or remove the checkpoint to start from the first row.',
    );
  }
  await appendRejected(files.rejected, earlier.rejectedBytes, file, delimiter, []);
  stderr.write(`Resuming after ${earlier.rows} of ${file.rows} rows.\n`);
  return earlier;
}

async function importRecords(
  target: ImportTarget,
  { files, file, delimiter, teamId }: ImportJob,
  progress: Checkpoint,
  batch: readonly CsvRecord[],
): Promise<Checkpoint> {
  const checked = batch.map(({ cells }) => readRow(file.columns, cells));
  const drafts = checked.flatMap((row, index): NumberedDraft[] =>
    'draft' in row ? [{ row: progress.rows + index, draft: row.draft }] : [],
  );
  const conflicts = await importBatch(target, teamId, progress, drafts);
  const rejected = batch.flatMap((record, index): RejectedRow[] => {
    const row = checked[index];
    if (row && 'problems' in row) return [{ record, problems: row.problems }];
    const conflict = conflicts.get(progress.rows + index);
    if (!conflict) return [];
    const { code, message, details } = conflict;
    return [{ record, problems: [{ path: details.field, code, message }] }];
  });
  const length = progress.rejectedBytes;
  const next = {
    ...progress,
    rows: progress.rows + batch.length,
    created: progress.created + batch.length - rejected.length,
    rejected: progress.rejected + rejected.length,
    rejectedBytes:
      rejected.length === 0
        ? length
        : await appendRejected(files.rejected, length, file, delimiter, rejected),
  };
  await writeCheckpoint(files.checkpoint, next);
  return next;
}
