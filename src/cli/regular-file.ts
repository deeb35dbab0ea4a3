import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import { codeOf } from '../errors/code-of.js';
import { UsageError } from './usage-error.js';

/** Only the owner may read a file that is created. */
const MODE = 0o600;

/** How Linux and macOS, and FreeBSD, refuse to open a symbolic link with `O_NOFOLLOW`. */
const LINK_CODES: ReadonlySet<unknown> = new Set(['ELOOP', 'EMLINK']);

/**
 * Opens a file whose name the user did not choose. Anyone who can write to its folder could have put a symbolic link there that
 * leads to another file of the user, or a pipe, on which an open waits.
 *
 * @param flags - of open(2), from `constants` of `node:fs`.
 * @throws {UsageError} when it is not a regular file.
 */
export async function openRegularFile(path: string, flags: number): Promise<FileHandle> {
  const file = await open(path, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK, MODE).catch(
    (error: unknown) => {
      throw LINK_CODES.has(codeOf(error)) ? notRegular(path) : error;
    },
  );
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw notRegular(path);
}

/**
 * Checks that a file can be replaced: that nothing has its name, or a regular file does. Replacing a symbolic link or a device
 * such as `/dev/null` would take it from all who use it.
 *
 * @throws {UsageError} when something else has the name.
 */
export async function checkReplaceable(path: string): Promise<void> {
  const stats = await statsOf(path);
  if (stats && !stats.isFile()) throw notRegular(path);
}

/** Of a file or link itself, or undefined when nothing has the name. */
export async function statsOf(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

const notRegular = (path: string) =>
  new UsageError(`${path} is not a regular file. Remove it, or use a folder that only you can write to.`);
