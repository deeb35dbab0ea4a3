import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { messageOf } from '../errors/message-of.js';
import { type CommandIo } from './command-io.js';
import { UsageError } from './usage-error.js';

/** Reads a file, or stdin for `-`. @throws {UsageError} if it cannot be read. */
export async function readNamedFile({ stdin }: CommandIo, path: string): Promise<Buffer> {
  if (path === '-') return buffer(stdin);
  try {
    return await readFile(path);
  } catch (error) {
    throw new UsageError(`Cannot read ${path}: ${messageOf(error)}`);
  }
}
