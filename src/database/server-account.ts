import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { codeOf } from '../errors/code-of.js';
import { StartError } from '../errors/start-error.js';

const run = promisify(execFile);

/** Accounts that run PostgreSQL when the gateway runs as root; the first that exists is used. */
const ACCOUNTS = ['postgres', 'nobody'];

/** Whom PostgreSQL's programs run as. */
export interface ServerAccount {
  /** Who must own the cluster's files; undefined when that is ourselves. */
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
  /** Runs one of PostgreSQL's programs and gives its output. */
  run(program: string, args: readonly string[]): Promise<string>;
}

/**
 * PostgreSQL refuses to run as root, so as root its programs run as another account, by `setpriv`.
 *
 * When one of `paths` lies below a folder that this account may not enter (a clone in `/root`), the programs
 * keep one capability, to pass through folders; `no_setuid_fixup` makes `access(2)` honour it (capabilities(7)).
 */
export async function serverAccount(paths: readonly string[]): Promise<ServerAccount> {
  if (process.getuid?.() !== 0) {
    return { owner: undefined, run: (program, args) => output(program, args) };
  }
  const owner = await findAccount();
  const keep = (await everyoneMayEnter(paths))
    ? []
    : ['--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--securebits=+no_setuid_fixup'];
  const prefix = [`--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups', ...keep];
  return { owner, run: (program, args) => setpriv([...prefix, program, ...args]) };
}

async function setpriv(args: readonly string[]): Promise<string> {
  try {
    return await output('setpriv', args);
  } catch (cause) {
    if (codeOf(cause) !== 'ENOENT') throw cause;
    throw new StartError(
      'PostgreSQL does not run as root, and this machine has no `setpriv` (package util-linux) to run it as another account. Start the gateway as another account, or set DATABASE_URL to a PostgreSQL server.',
      { cause },
    );
  }
}

async function output(program: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run(program, args, { env: { PATH: process.env['PATH'], LC_ALL: 'C' } });
  return stdout;
}

async function findAccount(): Promise<{ uid: number; gid: number }> {
  for (const name of ACCOUNTS) {
    try {
      const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
      return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
    } catch {
      continue;
    }
  }
  throw new StartError(
    `PostgreSQL does not run as root, and this machine has no account ${ACCOUNTS.join(' or ')} to run it as. Start the gateway as another account, or set DATABASE_URL to a PostgreSQL server.`,
  );
}

async function everyoneMayEnter(paths: readonly string[]): Promise<boolean> {
  for (const path of paths) {
    for (let folder = resolve(path); ; folder = dirname(folder)) {
      const { mode } = await stat(folder);
      if ((mode & 0o001) === 0) return false;
      if (folder === dirname(folder)) break;
    }
  }
  return true;
}
