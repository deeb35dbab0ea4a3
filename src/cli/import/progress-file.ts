import { open, rename } from 'node:fs/promises';
import { z } from 'zod';
import { readIfPresent } from '../../database/data-dir.js';
import { UsageError } from '../usage-error.js';

const progress = z.object({
  importId: z.guid(),
  startedAt: z.int(),
  /** Of the file, as its rows are counted by it. */
  fingerprint: z.string(),
  delimiter: z.string(),
  teamId: z.guid(),
  /** Rows, from the first, of which it is known what became. */
  rows: z.int(),
  created: z.int(),
  rejected: z.int(),
  /** How much of the file of rejected rows is about them. */
  rejectedBytes: z.int(),
});

/** How far an import has come. */
export type Progress = z.output<typeof progress>;

/** Only the owner may read it: it names a team. */
const MODE = 0o600;

/** The progress that a file has, or undefined when there is none. @throws {UsageError} when it is not of ours. */
export async function readProgress(path: string): Promise<Progress | undefined> {
  const text = await readIfPresent(path);
  if (text === undefined) return undefined;
  try {
    return progress.parse(JSON.parse(text));
  } catch {
    throw new UsageError(`${path} is not the progress of an import. Remove it to start from the first row.`);
  }
}

/** Writes progress to disk, all of it or nothing. */
export async function writeProgress(path: string, current: Progress): Promise<void> {
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w', MODE);
  try {
    await file.writeFile(`${JSON.stringify(current, null, 2)}\n`);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
