import { execFile } from 'node:child_process';
import { readFile, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { run, temporaryFolder } from './process.js';

const execute = promisify(execFile);

/** `npm ci` reads its packages from npm's cache, and loads those that it lacks. */
export const INSTALL_TIMEOUT_MS = 300_000;

const releaseFile = z.object({ commit: z.string(), migration: z.string() });

/** A built checkout of a release. */
export interface BuiltRelease {
  readonly path: string;
  remove(): Promise<void>;
}

/** The commit of the last release, and its last migration. */
export const lastRelease = async () => releaseFile.parse(JSON.parse(await readFile('released.json', 'utf8')));

/** Whether the clone has the commit. A shallow one may lack it. */
export const hasCommit = async (commit: string): Promise<boolean> =>
  (await run('git', ['cat-file', '-e', `${commit}^{commit}`])).code === 0;

/** Builds the sources of a commit in a folder, with the packages of this checkout if the commit has the same ones. */
export async function buildRelease(commit: string): Promise<BuiltRelease> {
  const { path, remove } = await temporaryFolder();
  try {
    await execute('sh', ['-c', `git archive ${commit} | tar -x -C ${path}`]);
    if ((await packagesOf(path)) === (await packagesOf('.'))) {
      await symlink(resolve('node_modules'), join(path, 'node_modules'));
    } else {
      await execute('npm', ['ci', '--prefer-offline'], { cwd: path });
    }
    // As `npm run build`, without the check of types, which the release has passed.
    await execute(
      process.execPath,
      [join('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json', '--noCheck'],
      { cwd: path },
    );
    return { path, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

const lockFile = z.object({
  packages: z.record(z.string(), z.object({ version: z.string().optional(), dev: z.boolean().optional() })),
});

/** The versions of all packages that a checkout installs for the gateway, in the order of npm. */
async function packagesOf(path: string): Promise<string> {
  const { packages } = lockFile.parse(JSON.parse(await readFile(join(path, 'package-lock.json'), 'utf8')));
  const installed = Object.entries(packages).filter(
    ([name, { dev }]) => name.startsWith('node_modules/') && dev !== true,
  );
  return JSON.stringify(installed.map(([name, { version }]) => [name, version]));
}
