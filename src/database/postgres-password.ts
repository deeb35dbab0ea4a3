import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readIfPresent, writePrivateFile } from '../files/data-folder.js';

const FILE = 'postgres-password';
const BYTES = 32;
const PASSWORD = /^[0-9a-f]{64}$/;

/** The password of the embedded PostgreSQL as the data folder keeps it, or undefined when it keeps none, or a damaged one. */
export async function findPassword(dataDir: string): Promise<string | undefined> {
  const kept = (await readIfPresent(join(dataDir, FILE)))?.trim();
  if (kept === undefined || PASSWORD.test(kept)) return kept;
  // Releases before this one kept base64 of the bytes whose hex is the password.
  const bytes = Buffer.from(kept, 'base64');
  return bytes.length === BYTES ? bytes.toString('hex') : undefined;
}

/** The same; made the first time. The file then holds the password itself, as `psql` wants it. */
export async function keptPassword(dataDir: string): Promise<string> {
  const path = join(dataDir, FILE);
  const password = (await findPassword(dataDir)) ?? randomBytes(BYTES).toString('hex');
  const content = `${password}\n`;
  if ((await readIfPresent(path)) !== content) await writePrivateFile(path, content);
  return password;
}
