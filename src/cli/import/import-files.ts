import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** The file to import, and the files written beside it. */
export interface ImportFiles {
  readonly source: string;
  /** Rejected rows, to be corrected and imported. */
  readonly rejected: string;
  /** The checkpoint. It exists until the import is complete. */
  readonly checkpoint: string;
}

/** For `folder/name.csv`: `folder/name.rejected.csv` and `folder/name.progress.json`. */
export function filesBeside(source: string): ImportFiles {
  const name = join(dirname(source), basename(source).replace(/\.csv$/i, ''));
  return { source, rejected: `${name}.rejected.csv`, checkpoint: `${name}.progress.json` };
}

/** The key of the advisory lock that an import of this file holds. It identifies the file itself, not its path. */
export async function lockKeyOf(source: string): Promise<bigint> {
  const { dev, ino } = await stat(source, { bigint: true });
  return createHash('sha256').update(`import:${dev}:${ino}`).digest().readBigInt64BE();
}
