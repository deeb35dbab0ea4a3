import { type ImportStore, openImportStore } from '../../customers/import/import-store.js';
import { CustomerKey } from '../../customers/upsert/upsert-customer.result.js';
import { type TryLock, withLocks } from '../../database/advisory-lock.js';
import { messageOf } from '../../errors/message-of.js';
import { removeWritten } from '../../files/write-file-atomic.js';
import { teamExists } from '../../teams/teams.js';
import { type AuditOptions } from '../audited.js';
import { type CommandIo } from '../command-io.js';
import { type OutputOptions } from '../output.js';
import { type AuditedSession, withAudit } from '../session.js';
import { UsageError } from '../usage-error.js';
import { askedOptions, type AskArguments } from './asked-options.js';
import { type Checkpoint } from './checkpoint.js';
import { checkFile, type CheckedFile, readingOf } from './check-file.js';
import { describeReading } from './describe-reading.js';
import { dryRun } from './dry-run.js';
import { filesBeside, type ImportFiles, lockKeysOf } from './import-files.js';
import { printSummary } from './import-summary.js';
import { type ImportJob } from './import-job.js';
import { runImport } from './run-import.js';

const GO_ON = 'Run the same command again to resume.';

export interface ImportOptions extends OutputOptions, AuditOptions, AskArguments {
  readonly team: string;
  readonly strict?: boolean;
  readonly dryRun?: boolean;
  readonly upsert?: 'email' | 'externalId';
}

const upsertKeys = { email: CustomerKey.EMAIL, externalId: CustomerKey.EXTERNAL_ID } as const;

/** Imports customers from a CSV file, or resumes an import that was stopped. */
export async function importFile(
  io: CommandIo,
  source: string,
  { team: teamId, upsert, strict: isStrict = false, dryRun: isDryRun = false, ...options }: ImportOptions,
): Promise<void> {
  const files = filesBeside(source);
  const readOptions = await askedOptions(io, files, options);
  const file = await checkFile(source, readOptions);
  for (const line of describeReading(file, readOptions)) io.stderr.write(`${line}\n`);
  const upsertBy = upsert ? upsertKeys[upsert] : null;
  if (upsertBy === CustomerKey.EXTERNAL_ID) requireExternalId(file);
  const rules = { isStrict, needsExternalId: upsertBy === CustomerKey.EXTERNAL_ID };
  const job = { files, file, reading: readingOf(file, rules), rules, teamId, upsertBy };
  const rejected = await withAudit(io, options, 'import', (session) =>
    io.withAbortOnSignal(async (stopping) => {
      if (!(await teamExists(session.orm, teamId))) throw new Error(`Team ${teamId} does not exist.`);
      const store = await openImportStore(session.orm);
      return isDryRun
        ? dryRun(io, store, job, stopping, options)
        : importInto(io, session, store, job, stopping, options);
    }),
  );
  if (rejected > 0 && isDryRun) throw new Error('Some rows would be rejected.');
  if (rejected > 0)
    throw new Error(`Some rows were rejected. Correct them in ${files.rejected} and import that file.`);
}

async function importInto(
  io: CommandIo,
  { databaseUrl, orm, recordChange }: AuditedSession,
  store: ImportStore,
  job: ImportJob,
  stopping: AbortSignal,
  options: OutputOptions,
): Promise<number> {
  const { files, file } = job;
  return withLocks(databaseUrl, async (tryLock) => {
    await lockFiles(tryLock, files);
    // Each batch is a transaction of its own, so the import is recorded before the first one.
    const onStart = ({ importId }: Checkpoint) =>
      recordChange(orm.em.fork(), { teamId: job.teamId, details: { importId } });
    const progress = await runImport(store, job, io.stderr, stopping, onStart).catch((error: unknown) => {
      if (error instanceof UsageError) throw error;
      throw new Error(`${messageOf(error)}. ${GO_ON}`, { cause: error });
    });
    if (progress.rows < file.rows) {
      throw new Error(`Stopped after ${progress.rows} of ${file.rows} rows. ${GO_ON}`);
    }
    printSummary(io, options, files, progress);
    // An import that is killed before this prints its summary again at the next run.
    await removeWritten(files.checkpoint);
    return progress.rejected;
  });
}

/** @throws when another import has one of the locks. */
async function lockFiles(tryLock: TryLock, files: ImportFiles): Promise<void> {
  for (const key of await lockKeysOf(files)) {
    if (!(await tryLock(key))) throw new Error(`Another import of ${files.source} is running.`);
  }
}

function requireExternalId({ plan }: CheckedFile): void {
  if (plan.fields.some(({ name }) => name === 'externalId')) return;
  throw new UsageError('Missing column `externalId`, which --upsert externalId needs.');
}
