import { type CommandIo } from '../command-io.js';
import { type OutputOptions, print } from '../output.js';
import { type Checkpoint } from './checkpoint.js';

/** Prints the counts of a complete import. */
export function printSummary(
  io: CommandIo,
  options: OutputOptions,
  rejectedPath: string,
  { created, updated, unchanged, rejected, reasons, otherReasons, upsertBy }: Checkpoint,
): void {
  const byRows = reasons.toSorted((a, b) => b.rows - a.rows);
  const rejectedFile = rejected > 0 ? rejectedPath : null;
  const counts = { created, updated, unchanged, rejected };
  const others = otherReasons > 0 ? [{ rows: otherReasons, words: 'other reasons' }] : [];
  const lines = [
    `created    ${created}`,
    ...(upsertBy ? [`updated    ${updated}`, `unchanged  ${unchanged}`] : []),
    `rejected   ${rejected}${rejectedFile === null ? '' : `  (${rejectedFile})`}`,
    ...[...byRows.map(({ path, code, rows }) => ({ rows, words: `${path} (${code})` })), ...others].map(
      ({ rows, words }) => `  ${rows}  ${words}`,
    ),
  ];
  print(io, options, { ...counts, rejectedFile, reasons: byRows, otherReasons }, lines.join('\n'));
}
