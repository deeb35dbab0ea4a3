import { createReadStream } from 'node:fs';
import { z } from 'zod';
import { type SavedMapping } from '../../customers/csv/plan-options.js';
import { messageOf } from '../../errors/message-of.js';
import { writeFileAtomic } from '../../files/write-file-atomic.js';
import { readBounded } from '../read-named-file.js';
import { UsageError } from '../usage-error.js';

/** In bytes. A file of 50 columns has some 5,000. */
const MAX_FILE_BYTES = 262_144;

const columnName = z.string().min(1);

/** Format 1. Fields are named as the gateway's own columns are. */
const mappingFile = z.strictObject({
  version: z.literal(1),
  /** The columns of each field: those of an inner list are joined; the first that is not blank fills the field. */
  fields: z.record(z.string(), z.array(z.array(columnName).min(1)).min(1)),
  ignore: z.array(columnName).default([]),
});

/** Reads a mapping. @throws {UsageError} if it cannot be read or is not valid, with every problem. */
export async function readMapping(path: string): Promise<SavedMapping> {
  let content: Buffer | undefined;
  try {
    content = await readBounded(createReadStream(path), MAX_FILE_BYTES);
  } catch (error) {
    throw new UsageError(`Cannot read ${path}: ${messageOf(error)}`);
  }
  if (!content) throw new UsageError(`Cannot read ${path}: it exceeds ${MAX_FILE_BYTES} bytes`);
  const parsed = mappingFile.safeParse(parseJson(content.toString()));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    (issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`,
  );
  throw new UsageError(`${path} is not a mapping:`, ...problems.slice(0, 10));
}

/** Saves a mapping. */
export async function writeMapping(path: string, { fields, ignore }: SavedMapping): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify({ version: 1, fields, ignore }, null, 2)}\n`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
