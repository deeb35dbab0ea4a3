import { execFile } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/**
 * Writes `released.json`: the commit that is released, and its last migration. Later versions are tested beside that release, and
 * contract migrations may contract only what it knows. `npm version` runs this before it commits.
 */

const { stdout } = await promisify(execFile)('git', ['rev-parse', 'HEAD']);
const migrations = (await readdir('migrations')).filter((file) => file.endsWith('.ts')).toSorted();
const release = { commit: stdout.trim(), migration: migrations.at(-1)?.replace(/\.ts$/, '') };
await writeFile('released.json', `${JSON.stringify(release, null, 2)}\n`);
