import { randomBytes } from 'node:crypto';
import { open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { platform } from 'node:process';

/** Only the owner may read the file. */
const MODE = 0o600;

/** Bytes of the random part of a temporary file's name. */
const NAME_BYTES = 6;

/**
 * Creates or replaces a file. A reader, and a start after a crash, find the old content or all of the new one. A symbolic link
 * at `path` is replaced; its target is left unchanged.
 *
 * The package `write-file-atomic` resolves symbolic links at `path`, and takes no stream.
 *
 * @param content - the text, or pieces of it that are written as they come.
 * @param signal - aborts the write at the next piece and keeps the old content.
 */
export async function writeFileAtomic(
  path: string,
  content: string | AsyncIterable<string>,
  signal?: AbortSignal,
): Promise<void> {
  const temporary = `${path}.${randomBytes(NAME_BYTES).toString('hex')}.part`;
  try {
    await writeFile(temporary, content, { flag: 'wx', mode: MODE, flush: true, signal });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Removes a file, and what writes of it that were killed have left beside it. */
export async function removeWritten(path: string): Promise<void> {
  await rm(path, { force: true });
  const folder = dirname(path);
  const start = `${basename(path)}.`;
  for (const name of await readdir(folder)) {
    if (name.startsWith(start) && /^[0-9a-f]{12}\.part$/.test(name.slice(start.length))) {
      await rm(join(folder, name), { force: true });
    }
  }
}

/** Brings the new name to disk. Windows does not open folders. */
async function syncFolder(path: string): Promise<void> {
  if (platform === 'win32') return;
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
