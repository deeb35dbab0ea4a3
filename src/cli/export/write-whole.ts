import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pid } from 'node:process';
import { pipeline } from 'node:stream/promises';

/** Only the owner may read what is in it. */
const MODE = 0o600;

/** Writes a file that takes its name, and the place of one that has it, once all of it is on disk. */
export async function writeWhole(
  path: string,
  pieces: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<void> {
  const temporary = `${path}.${pid}.part`;
  try {
    await pipeline(pieces, createWriteStream(temporary, { flags: 'wx', mode: MODE, flush: true }), {
      signal,
    });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
