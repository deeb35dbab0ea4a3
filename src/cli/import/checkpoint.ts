import { constants } from 'node:fs';
import { z } from 'zod';
import { CustomerKey } from '../../customers/upsert/upsert-customer.result.js';
import { codeOf } from '../../errors/code-of.js';
import { writeFileAtomic } from '../../files/write-file-atomic.js';
import { openRegularFile } from '../regular-file.js';
import { UsageError } from '../usage-error.js';
import { rejectionReasons } from './rejection-reasons.js';

/** Fields with a default are not in the checkpoints of older versions. */
const checkpoint = rejectionReasons.extend({
  importId: z.guid(),
  startedAt: z.int(),
  /** Hash of the file: row numbers are valid for this content only. */
  fingerprint: z.string(),
  delimiter: z.string(),
  /** Hash of how the columns are read: what was stored so far is right for it only. */
  reading: z.string().optional(),
  teamId: z.guid(),
  /** Null for an import that only creates. */
  upsertBy: z.enum(CustomerKey).nullable().default(null),
  /** Number of rows of the file. */
  totalRows: z.int().optional(),
  /** Number of rows processed, from the first. */
  rows: z.int(),
  created: z.int(),
  updated: z.int().default(0),
  unchanged: z.int().default(0),
  rejected: z.int(),
  /** Size of the file of rejected rows at this checkpoint. */
  rejectedBytes: z.int(),
  /** Notes written, and the size of their file. */
  notes: z.int().default(0),
  notesBytes: z.int().default(0),
});

/** The checkpoint of an import. */
export type Checkpoint = z.output<typeof checkpoint>;

/** Reads a checkpoint, or undefined if there is none. @throws {UsageError} if the file is not a checkpoint. */
export async function readCheckpoint(path: string): Promise<Checkpoint | undefined> {
  const text = await readText(path);
  if (text === undefined) return undefined;
  try {
    return checkpoint.parse(JSON.parse(text));
  } catch {
    throw new UsageError(`${path} is not a valid import checkpoint. Remove it to start from the first row.`);
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

/** Writes a checkpoint atomically. */
export async function writeCheckpoint(path: string, current: Checkpoint): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(current, null, 2)}\n`);
}
