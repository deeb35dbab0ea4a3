import { type Command } from 'commander';
import { type Revocation } from '../auth/revoke-credentials.js';
import { visibleLine } from '../validation/visible-text.js';
import { numberArgument } from './arguments.js';
import { type CommandIo } from './command-io.js';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 10_000;

/** Options of commands that print a result. */
export interface OutputOptions {
  readonly json?: true;
}

/** Options of commands that print a list. */
export interface ListOptions extends OutputOptions {
  readonly limit: number;
}

/** Adds `--json`. */
export function answers(command: Command): Command {
  return command.option('--json', 'print JSON');
}

/** Adds `--json` and `--limit`. */
export function answersWithList(command: Command): Command {
  return answers(command).option(
    '--limit <number>',
    `maximum number of entries, 1 to ${MAX_LIMIT}`,
    numberArgument(1, MAX_LIMIT),
    DEFAULT_LIMIT,
  );
}

/** Prints a result. It can contain a secret, so it is written here only, and to stdout only. */
export function print({ stdout }: CommandIo, options: OutputOptions, answer: unknown, text: string): void {
  stdout.write(options.json ? `${JSON.stringify(answer, null, 2)}\n` : `${text}\n`);
}

/** Prints one of several results, as one line of text or of JSON. */
export function printLine(
  { stdout }: CommandIo,
  options: OutputOptions,
  answer: unknown,
  line: string,
): void {
  stdout.write(`${options.json ? JSON.stringify(answer) : visibleLine(line)}\n`);
}

/** Prints the result of a revocation. */
export function printRevocation(
  io: CommandIo,
  options: OutputOptions,
  what: Readonly<Record<string, string>>,
  result: Revocation,
): void {
  print(
    io,
    options,
    { ...what, result },
    result === 'REVOKED' ? 'Revoked. Gateways reject it within 10 s.' : 'Already revoked.',
  );
}

/** Prints a list, newest first, with a note on stderr if it was truncated. */
export function printList<Row extends Record<string, unknown>>(
  io: CommandIo,
  { limit, ...options }: ListOptions,
  rows: readonly Row[],
  columns: (row: Row) => Record<string, string>,
): void {
  print(io, options, rows, table(rows.map(columns)));
  if (rows.length === limit)
    io.stderr.write(`Only the first ${limit} entries are shown. Use --limit to show more.\n`);
}

/** Aligned columns under their names. Each cell is on one line. */
function table(rows: readonly Record<string, string>[]): string {
  const [first] = rows;
  if (!first) return 'None.';
  const lines = [Object.keys(first), ...rows.map((row) => Object.values(row))].map((line) =>
    line.map(visibleLine),
  );
  const widths = Object.keys(first).map((_, index) =>
    Math.max(...lines.map((line) => line[index]?.length ?? 0)),
  );
  return lines
    .map((line) =>
      line
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
