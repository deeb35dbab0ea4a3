import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { messageOf } from '../faults/message-of.js';
import { UsageError } from './usage-error.js';

/**
 * The bytes of a file that an argument names; `-` is stdin.
 *
 * @throws {UsageError} when it cannot be read.
 */
export async function readNamedFile(path: string): Promise<Buffer> {
  if (path === '-') return buffer(process.stdin);
  try {
    return await readFile(path);
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${messageOf(error)}`);
  }
}
