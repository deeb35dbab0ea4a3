import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { APP_FOLDER } from './folder.ts';

/** The texts of operations, by their IDs. */
export type Documents = Readonly<Record<string, string>>;

/** Reads the manifest of the operations that the page was built with. The gateway has the same operations by the same IDs. */
export async function readDocuments(): Promise<Documents> {
  const file = resolve(APP_FOLDER, 'generated/persisted-documents.json');
  return z.record(z.string(), z.string()).parse(JSON.parse(await readFile(file, 'utf8')));
}
