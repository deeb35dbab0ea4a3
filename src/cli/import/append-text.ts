import { constants } from 'node:fs';
import { rm } from 'node:fs/promises';
import { openRegularFile } from '../regular-file.js';

/** To read and append, and to create the file. */
const FLAGS = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT;

/**
 * Appends text to a file and syncs it to disk. Content after `length` is from a run that was killed, and is truncated. An empty file is
 * removed.
 *
 * @param length - expected size of the file, in bytes.
 * @returns the new size.
 */
export async function appendText(path: string, length: number, text: string): Promise<number> {
  if (length === 0 && text === '') {
    await rm(path, { force: true });
    return 0;
  }
  const file = await openRegularFile(path, FLAGS);
  try {
    if ((await file.stat()).size < length) throw new Error(`${path} was modified during the import.`);
    await file.truncate(length);
    await file.appendFile(text);
    await file.datasync();
    return length + Buffer.byteLength(text);
  } finally {
    await file.close();
  }
}
