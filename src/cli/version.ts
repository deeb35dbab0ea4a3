import { readFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { z } from 'zod';

const manifest = z.object({ version: z.string() });

/** The version of the package. */
export async function packageVersion(): Promise<string> {
  const path = findPackageJSON(import.meta.url);
  if (path === undefined) throw new Error('The package has no package.json');
  const text = await readFile(path, 'utf8');
  return manifest.parse(JSON.parse(text)).version;
}
