import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

/**
 * Copies into `examples/frontend` what it needs from the rest of the repository, so that the folder works on its own: the
 * schema, and the client as `npm pack` builds it. With `--check` it changes nothing and exits with code 1 if a copy is out
 * of date.
 */

const EXAMPLE = resolve(import.meta.dirname, '../examples/frontend');
const isCheck = process.argv.includes('--check');
const TARBALL = 'vendor/customer-gateway-client.tgz';

function packClient(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'customer-gateway-client-'));
  // The compiler leaves the output of sources that were moved, which would be packed too.
  if (!isCheck) rmSync(resolve(EXAMPLE, '../../client/dist'), { recursive: true, force: true });
  try {
    const args = ['pack', '--silent', '--workspace', 'client', '--pack-destination', folder];
    const name = execFileSync('npm', args, { cwd: resolve(EXAMPLE, '../..'), encoding: 'utf8' }).trim();
    // The build's own output precedes the name.
    return readFileSync(join(folder, name.split('\n').at(-1) ?? ''));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Compares archives by their contents: compressed bytes differ between zlib versions. */
const isSameArchive = (one: Buffer, other: Buffer) => gunzipSync(one).equals(gunzipSync(other));
const isSameText = (one: Buffer, other: Buffer) => one.equals(other);

const copies = [
  {
    file: 'schema.graphql',
    content: readFileSync(resolve(EXAMPLE, '../../schema.graphql')),
    isSame: isSameText,
  },
  { file: TARBALL, content: packClient(), isSame: isSameArchive },
];

function read(file: string): Buffer | undefined {
  try {
    return readFileSync(resolve(EXAMPLE, file));
  } catch {
    return undefined;
  }
}

const outdated = copies.filter(({ file, content, isSame }) => {
  const copy = read(file);
  return copy === undefined || !isSame(copy, content);
});

if (isCheck) {
  for (const { file } of outdated) {
    process.stderr.write(
      `examples/frontend/${file} is out of date. Run \`npm run example:frontend:update\` and commit the result.\n`,
    );
  }
  process.exitCode = outdated.length === 0 ? 0 : 1;
} else {
  for (const { file, content } of outdated) writeFileSync(resolve(EXAMPLE, file), content);
  // The lock file has the tarball's hash, so it has to be resolved again.
  if (outdated.some(({ file }) => file === TARBALL)) {
    execFileSync('npm', ['install', '--package-lock-only', `./${TARBALL}`], {
      cwd: EXAMPLE,
      stdio: 'inherit',
    });
  }
}
