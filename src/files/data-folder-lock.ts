import { join, resolve } from 'node:path';
import { makeDataDir } from './data-folder.js';
import { type FileLock, tryFileLock } from './file-lock.js';

/** Thrown when another gateway uses the data folder. */
export class DataFolderInUse extends Error {
  override readonly name = 'DataFolderInUse';

  constructor(readonly folder: string) {
    super(`Another gateway is using the data folder ${folder}.`);
  }
}

/**
 * Reserves the data folder for this gateway until the lock is released or the process ends.
 *
 * @throws {DataFolderInUse} while another gateway has it.
 */
export async function lockDataFolder(dataDir: string): Promise<FileLock> {
  await makeDataDir(dataDir);
  const lock = await tryFileLock(join(dataDir, 'locks', 'gateway'), 'exclusive');
  if (!lock) throw new DataFolderInUse(resolve(dataDir));
  return lock;
}
