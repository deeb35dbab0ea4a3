import { PassThrough } from 'node:stream';
import select from '@inquirer/select';
import { type CommandIo, type OutputStream } from './command-io.js';

/** Lines of a list that are shown. */
const PAGE_SIZE = 15;

/** One of the answers to a question. */
export interface Choice<Value> {
  readonly value: Value;
  readonly name: string;
}

/** Whether a person can be asked. */
export const isInteractive = ({ stdin, stdout }: CommandIo): boolean => stdout.isTTY && stdin.isTTY === true;

/**
 * Asks the user to choose on the terminal.
 *
 * @param initial - the choice that is selected first; by default the first one.
 * @returns undefined after Ctrl+C, or at the end of the input.
 */
export async function choose<Value>(
  { stdin, stdout }: CommandIo,
  message: string,
  choices: readonly Choice<Value>[],
  initial?: Value,
): Promise<Value | undefined> {
  const question = { message, choices, pageSize: PAGE_SIZE, loop: false };
  try {
    return await select(initial === undefined ? question : { ...question, default: initial }, {
      input: stdin,
      output: promptOutput(stdout.raw),
    });
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') return undefined;
    throw error;
  }
}

/** A question ends its output, unless that is the one of the process. The command writes on after it. */
function promptOutput(raw: OutputStream): OutputStream {
  const output = Object.assign(new PassThrough(), { isTTY: raw.isTTY ?? false, columns: raw.columns ?? 80 });
  output.pipe(raw, { end: false });
  return output;
}
