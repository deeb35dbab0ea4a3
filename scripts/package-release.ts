import { access, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { z } from 'zod';
import { createSbom } from './sbom.ts';

/**
 * Writes `customer-gateway-VERSION.tar.gz` from a bundled checkout: everything a server needs beside `npm ci`, with
 * its SBOM (`sbom.cdx.json`), and no source to compile. `--out DIR` names the folder, by default the current one. `npm pack`
 * cannot do this: it leaves out `package-lock.json`.
 */

const CONTENTS = [
  '.npmrc',
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'SECURITY.md',
  'bin',
  'deploy',
  'docs',
  'package-lock.json',
  'package.json',
  'playground/dist',
  'schema.graphql',
  // What `npm ci` and `npm start` run.
  'scripts/build.mjs',
  'scripts/check-node.cjs',
];

/** The folder of the bundle, which is `dist` in a release. */
const BUNDLE = 'dist/bundle';

/** What Node caches on the machine that ran the code. */
const CACHE = '.compile-cache';

const root = resolve(import.meta.dirname, '..');

const { name, version, workspaces } = z
  .object({ name: z.string(), version: z.string(), workspaces: z.array(z.string()) })
  .parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));

async function packageRelease(folder: string): Promise<string> {
  const release = `${name}-${version}`;
  const file = join(folder, `${release}.tar.gz`);
  const staging = await mkdtemp(join(tmpdir(), `${name}-release-`));
  try {
    // `npm ci` compares the lock file with the manifest of every workspace.
    const manifests = workspaces.map((workspace) => `${workspace}/package.json`);
    for (const path of [...CONTENTS, ...manifests, BUNDLE]) {
      const target = join(staging, release, path === BUNDLE ? 'dist' : path);
      await mkdir(dirname(target), { recursive: true });
      await cp(join(root, path), target, {
        recursive: true,
        // Relative links, such as those of the chart, lead to files of the release.
        verbatimSymlinks: true,
        filter: (source) => basename(source) !== CACHE,
      });
    }
    await writeFile(join(staging, release, 'sbom.cdx.json'), await createSbom());
    await mkdir(folder, { recursive: true });
    await promisify(execFile)('tar', ['-czf', file, '-C', staging, release]);
  } finally {
    await rm(staging, { recursive: true });
  }
  return file;
}

const { out } = parseArgs({ options: { out: { type: 'string', default: '.' } } }).values;
try {
  for (const built of [`${BUNDLE}/src/main.js`, 'playground/dist/index.html'])
    await access(join(root, built));
  process.stdout.write(`${await packageRelease(resolve(out))}\n`);
} catch (error) {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  process.stderr.write(`${error.message}. Run \`npm run bundle\` first.\n`);
  process.exitCode = 1;
}
