import { findPackageJSON } from 'node:module';
import { dirname } from 'node:path';

/** The folder of the gateway's package, which has files that are not code. */
export function packageFolder(): string {
  const manifest = findPackageJSON(import.meta.url);
  if (manifest === undefined) throw new Error('The package.json of the gateway was not found.');
  return dirname(manifest);
}
