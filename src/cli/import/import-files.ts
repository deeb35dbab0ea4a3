import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** The file to import and those that stand beside it. */
export interface ImportFiles {
  readonly source: string;
  /** What was not stored, to be mended and imported. */
  readonly rejected: string;
  /** How far the import has come. It is there until the import is done. */
  readonly checkpoint: string;
}

/** For `folder/name.csv`: `folder/name.rejected.csv` and `folder/name.progress.json`. */
export function filesBeside(source: string): ImportFiles {
  const name = join(dirname(source), basename(source).replace(/\.csv$/i, ''));
  return { source, rejected: `${name}.rejected.csv`, checkpoint: `${name}.progress.json` };
}

/** The key of the advisory lock that an import of this file holds, of the file itself and whatever way leads to it. */
export async function lockKeyOf(source: string): Promise<bigint> {
  const { dev, ino } = await stat(source, { bigint: true });
  return createHash('sha256').update(`import:${dev}:${ino}`).digest().readBigInt64BE();
}
