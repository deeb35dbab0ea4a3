import { access, constants, mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '../errors/code-of.js';
import { StartError } from '../errors/start-error.js';

/** Result codes of SQLite (https://www.sqlite.org/rescode.html), in the low byte of an error's `errcode`. */
const SQLITE_BUSY = 5;
const SQLITE_CANTOPEN = 14;

/** Only the owner may open the files: a reader could hold a lock as well. */
const FOLDER_MODE = 0o700;

/** How often a process that waits for a lock tries again, in ms. */
const RETRY_MS = 50;

/** How long it waits at most, in ms. PostgreSQL's own start and stop take at most 60 s. */
const WAIT_MS = 90_000;

/** A lock that this process holds on a file. */
export interface FileLock {
  release(): void;
}

/** A connection that was garbage collected would lose its lock. */
const held = new Set<DatabaseSync>();

/**
 * Takes a lock on a file, which is created, empty, the first time. At most one process holds it `exclusive`, or any number
 * hold it `shared`. The operating system releases it when the process ends, also by SIGKILL.
 *
 * SQLite takes the lock: it comes with Node and knows the locks of Linux, macOS and Windows. Node itself has none.
 *
 * @returns undefined while another holder is in the way.
 * @throws the file system's error when the file cannot be opened.
 */
export async function tryFileLock(path: string, mode: 'exclusive' | 'shared'): Promise<FileLock | undefined> {
  await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
  await checkWritable(path);
  let connection: DatabaseSync | undefined;
  try {
    connection = new DatabaseSync(path);
    // Nothing is ever written, so a file for the journal is not needed.
    connection.exec('pragma journal_mode = memory');
    // The first read of a transaction takes the shared lock, and the transaction keeps it.
    connection.exec(mode === 'exclusive' ? 'begin exclusive' : 'begin; select 1 from sqlite_schema');
  } catch (error) {
    connection?.close();
    const code = resultCode(error);
    if (code === SQLITE_BUSY) return undefined;
    // Node says why: no permission, no space. Never on a file that can be opened: to close it would drop its locks.
    if (code === SQLITE_CANTOPEN) await writeFile(path, '', { flag: 'a' });
    throw error;
  }
  const open = connection;
  held.add(open);
  return {
    release() {
      if (held.delete(open)) open.close();
    },
  };
}

/**
 * Does some work while no other process does it.
 *
 * @throws {StartError} when another process holds the lock for 90 s.
 */
export async function withFileLock<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  const deadline = performance.now() + WAIT_MS;
  let lock: FileLock | undefined;
  while (!(lock = await tryFileLock(path, 'exclusive'))) {
    if (performance.now() > deadline) {
      throw new StartError(
        `Another process has held ${path} for ${WAIT_MS / 1_000} s. Stop it and try again.`,
      );
    }
    await sleep(RETRY_MS);
  }
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/** SQLite would open a file that it may only read, and lock it as a reader. */
async function checkWritable(path: string): Promise<void> {
  try {
    await access(path, constants.W_OK);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

function resultCode(error: unknown): number | undefined {
  const isResult = typeof error === 'object' && error !== null && 'errcode' in error;
  return isResult && typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}
