import { type Command } from 'commander';
import { type Revocation } from '../auth/revoke-credentials.js';
import { visibleLine } from '../validation/visible-text.js';
import { numberArgument } from './arguments.js';
import { type CommandIo } from './command-io.js';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 10_000;

/** Options that commands with an answer have. */
export interface OutputOptions {
  readonly json?: true;
}

/** Options of commands whose answer is a list. */
export interface ListOptions extends OutputOptions {
  readonly limit: number;
}

/** Lets a command answer in JSON. */
export function answers(command: Command): Command {
  return command.option('--json', 'print JSON, for scripts');
}

/** Lets a command answer with a list that has a bound. */
export function answersWithList(command: Command): Command {
  return answers(command).option(
    '--limit <number>',
    `how many to print at most, up to ${MAX_LIMIT}`,
    numberArgument(1, MAX_LIMIT),
    DEFAULT_LIMIT,
  );
}

/** Prints an answer. It may hold a secret, so this is the one place where it is written, and it goes to stdout only. */
export function print({ stdout }: CommandIo, options: OutputOptions, answer: unknown, text: string): void {
  stdout.write(options.json ? `${JSON.stringify(answer, null, 2)}\n` : `${text}\n`);
}

/** Prints what came of a revocation. */
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
    result === 'REVOKED' ? 'Revoked. It stops within 10 s.' : 'It was revoked before.',
  );
}

/** Prints a list, newest first, and says on stderr when it was cut. */
export function printList<Row extends Record<string, unknown>>(
  io: CommandIo,
  { limit, ...options }: ListOptions,
  rows: readonly Row[],
  columns: (row: Row) => Record<string, string>,
): void {
  print(io, options, rows, table(rows.map(columns)));
  if (rows.length === limit) io.stderr.write(`There may be more than these ${limit}; see --limit.\n`);
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
