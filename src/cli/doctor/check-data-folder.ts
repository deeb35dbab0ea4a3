import { access, constants, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { platform } from 'node:process';
import { type Config } from '../../config/config.js';
import { codeOf } from '../../errors/code-of.js';
import { type Finding, failed, ok, warning } from './check.js';

/** Files that only the gateway's account may read. */
const PRIVATE_FILES = ['postgres-password', 'secrets-key', 'demo.json'];

/** Files and folders that the gateway writes itself; PostgreSQL's may belong to another account. */
const OWN_FILES = [...PRIVATE_FILES, 'locks'];

/** PostgreSQL's write-ahead log grows by files of 16 MiB; with less free space a start may fail. */
const LEAST_FREE_BYTES = 64 * 1_048_576;

const OTHERS_WRITE = 0o022;
const OTHERS_LIST = 0o044;
const OTHERS_ANYTHING = 0o077;

/** Checks that only this account can use the folder. Creates nothing. */
export async function checkDataFolder(config: Config): Promise<Finding> {
  const isUsed =
    config.databaseUrl === undefined ||
    config.secretsKeys.length === 0 ||
    config.environment === 'development';
  if (!isUsed) return ok('DATA_DIR is not used: DATABASE_URL and SECRETS_KEY are set.');

  const folder = resolve(config.dataDir);
  const mode = await modeOf(folder);
  if (mode === undefined) return checkParent(folder);
  if (!(await isWritable(folder))) {
    return failed(
      `${folder} is not a folder that this account can write to. Change its owner to the gateway's account.`,
    );
  }
  for (const name of OWN_FILES) {
    const path = join(folder, name);
    if ((await modeOf(path)) !== undefined && !(await isAllowed(path))) {
      return failed(
        `${path} belongs to another account. Run this command as the gateway's account, or change the owner: chown -R ACCOUNT ${folder}`,
      );
    }
  }
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < LEAST_FREE_BYTES) {
    return failed(
      `The disk of ${folder} has less than ${LEAST_FREE_BYTES / 1_048_576} MiB of free space. Free some space.`,
    );
  }
  // Windows has no modes.
  if (platform === 'win32') return ok(`${folder} is writable.`);

  if (mode & OTHERS_WRITE) return failed(`Other accounts can write to ${folder}. Run: chmod 711 ${folder}`);
  const open: string[] = [];
  for (const name of PRIVATE_FILES) {
    const path = join(folder, name);
    if (((await modeOf(path)) ?? 0) & OTHERS_ANYTHING) open.push(path);
  }
  if (open.length > 0) return failed(`Other accounts can read secrets. Run: chmod 600 ${open.join(' ')}`);
  if (mode & OTHERS_LIST) return warning(`Other accounts can list ${folder}. Run: chmod 711 ${folder}`);
  return ok(`${folder} is writable, and only its owner can read the secrets in it.`);
}

async function checkParent(folder: string): Promise<Finding> {
  let parent = dirname(folder);
  while ((await modeOf(parent)) === undefined) parent = dirname(parent);
  return (await isWritable(parent))
    ? ok(`${folder} does not exist yet; the gateway creates it when it starts.`)
    : failed(`${folder} does not exist, and this account cannot create it in ${parent}.`);
}

async function modeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mode;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function isWritable(folder: string): Promise<boolean> {
  if (!(await stat(folder)).isDirectory()) return false;
  return isAllowed(folder, constants.W_OK | constants.X_OK);
}

function isAllowed(path: string, mode = constants.R_OK | constants.W_OK): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}
