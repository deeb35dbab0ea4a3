import { openCustomerRepository } from '../../customers/customer-repository.js';
import { withLocks } from '../../database/advisory-lock.js';
import { messageOf } from '../../errors/message-of.js';
import { removeWritten } from '../../files/write-file-atomic.js';
import { teamExists } from '../../teams/teams.js';
import { type CommandIo } from '../command-io.js';
import { type OutputOptions, print } from '../output.js';
import { type Session, withDatabase } from '../session.js';
import { UsageError } from '../usage-error.js';
import { checkFile } from './check-file.js';
import { filesBeside, type ImportFiles, lockKeyOf } from './import-files.js';
import { type Checkpoint } from './checkpoint.js';
import { type ImportJob, runImport } from './run-import.js';

const GO_ON = 'Run the same command again to resume.';

export interface ImportOptions extends OutputOptions {
  readonly team: string;
  readonly delimiter: string;
}

/** Creates customers from a CSV file, or resumes an import that was stopped. */
export async function importFile(
  io: CommandIo,
  source: string,
  { team: teamId, delimiter, ...options }: ImportOptions,
): Promise<void> {
  const files = filesBeside(source);
  const job = { files, file: await checkFile(source, delimiter), delimiter, teamId };
  const { rejected } = await withDatabase(io, (session) =>
    io.withAbortOnSignal((stopping) => importInto(io, session, job, stopping, options)),
  );
  if (rejected > 0)
    throw new Error(`Some rows were rejected. Correct them in ${files.rejected} and import that file.`);
}

async function importInto(
  io: CommandIo,
  { orm, databaseUrl }: Session,
  job: ImportJob,
  stopping: AbortSignal,
  options: OutputOptions,
): Promise<Checkpoint> {
  const { files, file, teamId } = job;
  if (!(await teamExists(orm, teamId))) throw new Error(`Team ${teamId} does not exist.`);
  const customers = await openCustomerRepository(orm);
  const key = await lockKeyOf(files.source);
  return withLocks(databaseUrl, async (tryLock) => {
    if (!(await tryLock(key))) throw new Error(`Another import of ${files.source} is running.`);
    const progress = await runImport({ orm, customers }, job, io.stderr, stopping).catch((error: unknown) => {
      if (error instanceof UsageError) throw error;
      throw new Error(`${messageOf(error)}. ${GO_ON}`, { cause: error });
    });
    if (progress.rows < file.rows) {
      throw new Error(`Stopped after ${progress.rows} of ${file.rows} rows. ${GO_ON}`);
    }
    printSummary(io, options, files, progress);
    // An import that is killed before this prints its summary again at the next run.
    await removeWritten(files.checkpoint);
    return progress;
  });
}

function printSummary(
  io: CommandIo,
  options: OutputOptions,
  files: ImportFiles,
  { created, rejected }: Checkpoint,
): void {
  const rejectedFile = rejected > 0 ? files.rejected : null;
  const where = rejectedFile === null ? '' : `  (${rejectedFile})`;
  print(
    io,
    options,
    { created, rejected, rejectedFile },
    `created   ${created}\nrejected  ${rejected}${where}`,
  );
}
