import { cp, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type BuiltRelease } from './last-release.js';
import { temporaryFolder } from './process.js';

/** Files that running the build does not need. */
const LEFT_OUT = /\.compile-cache|\.d\.ts$|\.map$/;

/** The statements of a migration. */
export interface NewMigration {
  readonly up: readonly string[];
  readonly down: readonly string[];
}

/** Copies this build, and adds migrations by their names. */
export async function buildNextRelease(
  migrations: Readonly<Record<string, NewMigration>>,
): Promise<BuiltRelease> {
  const { path, remove } = await temporaryFolder();
  for (const name of ['bin', 'dist', 'package.json']) {
    await cp(resolve(name), join(path, name), { recursive: true, filter: (file) => !LEFT_OUT.test(file) });
  }
  await symlink(resolve('node_modules'), join(path, 'node_modules'));
  for (const [name, migration] of Object.entries(migrations)) {
    await writeFile(join(path, 'dist/migrations', `${name}.js`), sourceOf(name, migration));
  }
  return { path, remove };
}

const sourceOf = (name: string, { up, down }: NewMigration): string => `
import { Migration } from '@mikro-orm/migrations';
export class ${name} extends Migration {
  isTransactional() { return ${!name.endsWith('_concurrently')}; }
  up() { for (const sql of ${JSON.stringify(up)}) this.addSql(sql); }
  down() { for (const sql of ${JSON.stringify(down)}) this.addSql(sql); }
}
`;
