import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf } from '../faults/code-of.js';

/** Only the owner may read what is in a private file. */
const PRIVATE_FILE_MODE = 0o600;

/** Others may pass through the folder (PostgreSQL's account must) but not list it. */
const DATA_DIR_MODE = 0o711;

/** Creates the data folder if it does not exist. */
export async function makeDataDir(dataDir: string): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: DATA_DIR_MODE });
}

/** Writes a file that only its owner can read into the data folder. A write that fails leaves the old content. */
export async function writePrivateFile(path: string, content: string): Promise<void> {
  await makeDataDir(dirname(path));
  const unfinished = `${path}.tmp`;
  await writeFile(unfinished, content, { mode: PRIVATE_FILE_MODE });
  await rename(unfinished, path);
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

/** Reads the random bytes kept in a private file of the data folder, or undefined when there is none. */
export async function readKeptBytes(dataDir: string, name: string): Promise<Buffer | undefined> {
  const kept = await readIfPresent(join(dataDir, name));
  return kept === undefined ? undefined : Buffer.from(kept.trim(), 'base64');
}

/** The same, making `bytes` random bytes the first time. */
export async function keptRandomBytes(dataDir: string, name: string, bytes: number): Promise<Buffer> {
  const kept = await readKeptBytes(dataDir, name);
  if (kept !== undefined) return kept;
  const fresh = randomBytes(bytes);
  await writePrivateFile(join(dataDir, name), `${fresh.toString('base64')}\n`);
  return fresh;
}
