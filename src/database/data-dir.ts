import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Only the owner may read what is in a private file. */
const PRIVATE_FILE_MODE = 0o600;

/** Others may pass through the folder (PostgreSQL's account must) but not list it. */
const DATA_DIR_MODE = 0o711;

/** Writes a file that only its owner can read into the data folder, which is made if it is not there. */
export async function writePrivateFile(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: DATA_DIR_MODE });
  await writeFile(path, content, { mode: PRIVATE_FILE_MODE });
}

/** The file's text, or undefined when there is no such file. */
export async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

/** Reads `bytes` random bytes kept in a private file of the data folder, making them the first time. */
export async function keptRandomBytes(dataDir: string, name: string, bytes: number): Promise<Buffer> {
  const path = join(dataDir, name);
  const kept = await readIfPresent(path);
  if (kept !== undefined) return Buffer.from(kept.trim(), 'base64');
  const fresh = randomBytes(bytes);
  await writePrivateFile(path, `${fresh.toString('base64')}\n`);
  return fresh;
}
