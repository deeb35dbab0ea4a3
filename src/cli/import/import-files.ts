import { createHash } from 'node:crypto';
import { rename, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { checkReplaceable, statsOf } from '../regular-file.js';

/** The file to import, and the files written beside it. */
export interface ImportFiles {
  readonly source: string;
  /** Rejected rows, to be corrected and imported. */
  readonly rejected: string;
  /** The rejected rows of the import before. */
  readonly previous: string;
  /** What was changed or left out in rows that were stored. */
  readonly notes: string;
  /** The mapping of columns that the user was asked for. */
  readonly mapping: string;
  /** The checkpoint. It exists until the import is complete. */
  readonly checkpoint: string;
}

/**
 * For `folder/name.csv`: `folder/name.rejected.csv`, `folder/name.rejected.previous.csv`, `folder/name.notes.csv`,
 * `folder/name.mapping.json` and `folder/name.progress.json`.
 */
export function filesBeside(source: string): ImportFiles {
  const name = join(dirname(source), basename(source).replace(/\.csv$/i, ''));
  return {
    source,
    rejected: `${name}.rejected.csv`,
    previous: `${name}.rejected.previous.csv`,
    notes: `${name}.notes.csv`,
    mapping: `${name}.mapping.json`,
    checkpoint: `${name}.progress.json`,
  };
}

/** Renames the rejected rows of the import before, which can have been corrected since. They replace those of the import before it. */
export async function keepPrevious({ rejected, previous }: ImportFiles): Promise<void> {
  await checkReplaceable(rejected);
  await checkReplaceable(previous);
  if (await statsOf(rejected)) await rename(rejected, previous);
}

/**
 * The keys of the advisory locks that an import of this file takes: of the file itself, for it can have several paths, and of its
 * checkpoint, for the file can be replaced by another one during the import.
 */
export async function lockKeysOf({ source, checkpoint }: ImportFiles): Promise<bigint[]> {
  const file = await stat(source, { bigint: true });
  const folder = await stat(dirname(checkpoint), { bigint: true });
  return [
    lockKey(`import:${file.dev}:${file.ino}`),
    lockKey(`import:${folder.dev}:${folder.ino}:${basename(checkpoint)}`),
  ];
}

function lockKey(text: string): bigint {
  return createHash('sha256').update(text).digest().readBigInt64BE();
}
