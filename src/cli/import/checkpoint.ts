import { constants } from 'node:fs';
import { z } from 'zod';
import { codeOf } from '../../errors/code-of.js';
import { writeFileAtomic } from '../../files/write-file-atomic.js';
import { openRegularFile } from '../regular-file.js';
import { UsageError } from '../usage-error.js';

const checkpoint = z.object({
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
export type Checkpoint = z.output<typeof checkpoint>;

/** The progress that a file has, or undefined when there is none. @throws {UsageError} when it is not of ours. */
export async function readCheckpoint(path: string): Promise<Checkpoint | undefined> {
  const text = await readText(path);
  if (text === undefined) return undefined;
  try {
    return checkpoint.parse(JSON.parse(text));
  } catch {
    throw new UsageError(`${path} is not the progress of an import. Remove it to start from the first row.`);
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    await using file = await openRegularFile(path, constants.O_RDONLY);
    return await file.readFile('utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes progress to disk, all of it or nothing. */
export async function writeCheckpoint(path: string, current: Checkpoint): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(current, null, 2)}\n`);
}
