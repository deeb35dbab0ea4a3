import { createReadStream } from 'node:fs';
import { messageOf } from '../errors/message-of.js';
import { type CommandIo } from './command-io.js';
import { UsageError } from './usage-error.js';

/**
 * Reads a file, or stdin for `-`.
 *
 * @param maxBytes - a longer file is read only up to there.
 * @throws {UsageError} if it cannot be read or is longer.
 */
export async function readNamedFile(
  { stdin }: Pick<CommandIo, 'stdin'>,
  path: string,
  maxBytes = Infinity,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of path === '-' ? stdin : createReadStream(path)) {
      const buffer = Buffer.from(chunk);
      chunks.push(buffer);
      bytes += buffer.length;
      if (bytes > maxBytes) break;
    }
  } catch (error) {
    throw new UsageError(`Cannot read ${path}: ${messageOf(error)}`);
  }
  if (bytes > maxBytes) throw new UsageError(`${path} has more than ${maxBytes} bytes.`);
  return Buffer.concat(chunks);
}
