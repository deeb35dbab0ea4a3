import { randomUUID } from 'node:crypto';
import { type Output } from '../command-io.js';
import { checkReplaceable } from '../regular-file.js';
import { UsageError } from '../usage-error.js';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.js';
import { keepPrevious } from './import-files.js';
import { type ImportJob } from './import-job.js';
import { appendNotes } from './notes-file.js';
import { appendRejected } from './rejected-file.js';

/** Where an import begins. */
export interface ImportStart {
  readonly checkpoint: Checkpoint;
  readonly isResumed: boolean;
}

/**
 * Resumes from the checkpoint, or starts from the first row: if there is no checkpoint, or it belongs to another import that is
 * complete, or to any other import if rows update customers, because then nothing is lost.
 *
 * @throws {UsageError} when the checkpoint belongs to another import.
 */
export async function startImport(job: ImportJob, stderr: Output): Promise<ImportStart> {
  const { files, file } = job;
  const earlier = await readCheckpoint(files.checkpoint);
  const differences = earlier ? differencesOf(earlier, job) : [];
  if (earlier && differences.length === 0) {
    await appendRejected(files.rejected, earlier.rejectedBytes, file, []);
    await appendNotes(files.notes, earlier.notesBytes, []);
    stderr.write(`Resuming after ${earlier.rows} of ${file.rows} rows.\n`);
    return { checkpoint: earlier, isResumed: true };
  }
  if (earlier && earlier.rows !== earlier.totalRows) {
    const stopped = `${files.checkpoint} belongs to an import that was stopped after ${earlier.rows} rows, but ${differences.join(', ')}.`;
    if (!job.upsertBy) {
      throw new UsageError(
        stopped,
        'Resume that import with its original file and options, or remove the checkpoint to start from the first row.',
      );
    }
    stderr.write(`${stopped} Starting from the first row.\n`);
  }
  // Before the checkpoint, which says that there are no rejected rows yet.
  await keepPrevious(files);
  await checkReplaceable(files.notes);
  await appendNotes(files.notes, 0, []);
  const first = firstCheckpoint(job);
  await writeCheckpoint(files.checkpoint, first);
  return { checkpoint: first, isResumed: false };
}

function firstCheckpoint({ file, reading, teamId, upsertBy }: ImportJob): Checkpoint {
  return {
    importId: randomUUID(),
    startedAt: Date.now(),
    fingerprint: file.fingerprint,
    delimiter: file.delimiter,
    reading,
    teamId,
    upsertBy,
    totalRows: file.rows,
    rows: 0,
    created: 0,
    updated: 0,
    unchanged: 0,
    rejected: 0,
    rejectedBytes: 0,
    notes: 0,
    notesBytes: 0,
    reasons: [],
    otherReasons: 0,
  };
}

function differencesOf(earlier: Checkpoint, { file, reading, teamId, upsertBy }: ImportJob): string[] {
  const isSameFile = earlier.fingerprint === file.fingerprint;
  const isSameDelimiter = earlier.delimiter === file.delimiter;
  return [
    ...(isSameFile ? [] : ['the file has changed']),
    ...(isSameDelimiter ? [] : ['the delimiter is different']),
    ...(isSameFile && isSameDelimiter && (earlier.reading ?? reading) !== reading
      ? ['the file is read differently']
      : []),
    ...(earlier.teamId === teamId ? [] : [`the team was ${earlier.teamId}`]),
    ...(earlier.upsertBy === upsertBy ? [] : ['--upsert is different']),
  ];
}
