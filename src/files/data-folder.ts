import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf } from '../errors/code-of.js';
import { StartError } from '../errors/start-error.js';
import { writeFileAtomic } from './write-file-atomic.js';
import { withFileLock } from './file-lock.js';

/** Others may pass through the folder (PostgreSQL's account must) but not list it. */
const DATA_DIR_MODE = 0o711;

/** Creates the data folder if it does not exist. */
export async function makeDataDir(dataDir: string): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: DATA_DIR_MODE });
}

/** Writes a file that only its owner can read into the data folder. A write that fails leaves the old content. */
export async function writePrivateFile(path: string, content: string): Promise<void> {
  await makeDataDir(dirname(path));
  await writeFileAtomic(path, content);
}

/** The file's text, or undefined when there is no such file. */
export async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Reads the random bytes kept in a private file of the data folder, or undefined when there is no such file.
 *
 * @throws {StartError} when the file has something else, such as nothing.
 */
export async function readKeptBytes(
  dataDir: string,
  name: string,
  bytes: number,
): Promise<Buffer | undefined> {
  const path = join(dataDir, name);
  const text = (await readIfPresent(path))?.trim();
  if (text === undefined) return undefined;
  const kept = Buffer.from(text, 'base64');
  if (kept.length === bytes && kept.toString('base64') === text) return kept;
  throw new StartError(
    `${path} is ${text === '' ? 'empty' : 'damaged'}. Restore it from a backup, or remove it to create a new key. A new key cannot decrypt the secrets of existing clients.`,
  );
}

/** The same, making `bytes` random bytes the first time. Processes that do so at once get the same bytes. */
export async function keptRandomBytes(dataDir: string, name: string, bytes: number): Promise<Buffer> {
  const kept = await readKeptBytes(dataDir, name, bytes);
  if (kept !== undefined) return kept;
  return withFileLock(join(dataDir, 'locks', name), async () => {
    const others = await readKeptBytes(dataDir, name, bytes);
    if (others !== undefined) return others;
    const fresh = randomBytes(bytes);
    await writePrivateFile(join(dataDir, name), `${fresh.toString('base64')}\n`);
    return fresh;
  });
}
