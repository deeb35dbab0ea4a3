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
  let content: Buffer | undefined;
  try {
    content = await readBounded(path === '-' ? stdin : createReadStream(path), maxBytes);
  } catch (error) {
    throw new UsageError(`Cannot read ${path}: ${messageOf(error)}`);
  }
  if (!content) throw new UsageError(`${path} has more than ${maxBytes} bytes.`);
  return content;
}

/** Reads a stream to its end. @returns undefined if it has more than `maxBytes`, of which no more is read. */
export async function readBounded(
  stream: AsyncIterable<string | Buffer>,
  maxBytes: number,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    const buffer = Buffer.from(chunk);
    chunks.push(buffer);
    bytes += buffer.length;
    if (bytes > maxBytes) return undefined;
  }
  return Buffer.concat(chunks);
}
