import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const manifest = z.object({ version: z.string() });

/** The version of the package. */
export async function packageVersion(): Promise<string> {
  // From dist/src/cli.
  const text = await readFile(new URL('../../../package.json', import.meta.url), 'utf8');
  return manifest.parse(JSON.parse(text)).version;
}
