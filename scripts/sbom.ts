import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { z } from 'zod';

/**
 * Writes the SBOM of a release, in CycloneDX's JSON: the packages that `package-lock.json` has for production, of all platforms. `--out
 * FILE` names the file, by default the SBOM goes to standard output. Needs npm 10 and no network.
 */

const manifest = z.looseObject({ name: z.string() });
const lockfile = z.looseObject({
  packages: z.record(
    z.string(),
    z.looseObject({ dev: z.boolean().optional(), link: z.boolean().optional() }),
  ),
});

/** Maximum size of the SBOM, which has some hundred KiB. */
const MAX_BYTES = 16 * 1_048_576;

const root = resolve(import.meta.dirname, '..');

/**
 * Makes the SBOM with npm's own command.
 *
 * npm runs in a folder that has only the production part of the manifest and the lockfile. Its `--omit dev` would leave out every package
 * that is a development dependency of another one, such as `graphql`, which is one of the client.
 */
export async function createSbom(): Promise<string> {
  const { name, ...rest } = manifest.parse(await readJson('package.json'));
  const lock = lockfile.parse(await readJson('package-lock.json'));
  const packages = Object.entries(lock.packages)
    .filter(([path, { dev, link }]) => path.startsWith('node_modules/') && !dev && !link)
    .concat([['', productionOf(lock.packages[''] ?? {})]]);
  const staging = await mkdtemp(join(tmpdir(), `${name}-sbom-`));
  try {
    // npm takes the name of the folder for that of the package.
    const folder = join(staging, name);
    await mkdir(folder);
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name, ...productionOf(rest) }));
    await writeFile(
      join(folder, 'package-lock.json'),
      JSON.stringify({ ...lock, packages: Object.fromEntries(packages) }),
    );
    const command = [
      'sbom',
      '--package-lock-only',
      '--sbom-format',
      'cyclonedx',
      '--sbom-type',
      'application',
    ];
    const { stdout } = await promisify(execFile)('npm', command, { cwd: folder, maxBuffer: MAX_BYTES });
    return stdout;
  } finally {
    await rm(staging, { recursive: true });
  }
}

const readJson = async (file: string): Promise<unknown> =>
  JSON.parse(await readFile(join(root, file), 'utf8'));

function productionOf({
  devDependencies: _dev,
  workspaces: _workspaces,
  ...production
}: Record<string, unknown>) {
  return production;
}

if (import.meta.main) {
  const { out } = parseArgs({ options: { out: { type: 'string' } } }).values;
  const sbom = await createSbom();
  if (out === undefined) process.stdout.write(sbom);
  else await writeFile(out, sbom);
}
