import { type CommandIo } from '../command-io.js';
import { type OutputOptions, print } from '../output.js';
import { type Checkpoint } from './checkpoint.js';
import { type ImportFiles } from './import-files.js';

/** Prints the counts of a complete import. */
export function printSummary(
  io: CommandIo,
  options: OutputOptions,
  files: Pick<ImportFiles, 'rejected' | 'notes'>,
  { created, updated, unchanged, rejected, reasons, otherReasons, notes, upsertBy }: Checkpoint,
): void {
  const byRows = reasons.toSorted((a, b) => b.rows - a.rows);
  const rejectedFile = rejected > 0 ? files.rejected : null;
  const notesFile = notes > 0 ? files.notes : null;
  const counts = { created, updated, unchanged, rejected };
  const others = otherReasons > 0 ? [{ rows: otherReasons, words: 'other reasons' }] : [];
  const lines = [
    `created    ${created}`,
    ...(upsertBy ? [`updated    ${updated}`, `unchanged  ${unchanged}`] : []),
    `rejected   ${rejected}${rejectedFile === null ? '' : `  (${rejectedFile})`}`,
    ...[...byRows.map(({ path, code, rows }) => ({ rows, words: `${path} (${code})` })), ...others].map(
      ({ rows, words }) => `  ${rows}  ${words}`,
    ),
    ...(notesFile === null ? [] : [`notes      ${notes}  (${notesFile})`]),
  ];
  print(
    io,
    options,
    { ...counts, rejectedFile, reasons: byRows, otherReasons, notes, notesFile },
    lines.join('\n'),
  );
}
