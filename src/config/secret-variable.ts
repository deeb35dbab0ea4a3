import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { codeOf } from '../errors/code-of.js';

/** Maximum size of a file with a secret, in bytes. */
const MAX_BYTES = 65_536;

/** The value of a secret variable, undefined if it is not set, or why it cannot be read. */
export type SecretVariable =
  { readonly value: string | undefined; readonly source: string } | { readonly problem: string };

/**
 * Reads a secret from a variable, or from the file that the same variable with the suffix `_FILE` names, as Docker's official images
 * do. A line break at the end of the file is removed. An empty variable counts as unset.
 *
 * @returns `source`, the variable and where its value is from, for messages. A problem names the variable and the path, never the
 * content.
 */
export function readSecretVariable(environment: NodeJS.ProcessEnv, name: string): SecretVariable {
  const fileVariable = `${name}_FILE`;
  const { [name]: value, [fileVariable]: path } = environment;
  if (!path) return { value: value === '' ? undefined : value, source: name };
  if (value) return { problem: `${fileVariable} must not be set together with ${name}` };
  const content = readSmallFile(path);
  if ('problem' in content) return { problem: `${fileVariable} names ${path}, which ${content.problem}` };
  const secret = content.text.replace(/\r?\n$/, '');
  if (secret === '') return { problem: `${fileVariable} names ${path}, which is empty` };
  return { value: secret, source: `${name} (from ${fileVariable})` };
}

function readSmallFile(path: string): { readonly text: string } | { readonly problem: string } {
  let file: number | undefined;
  try {
    // Without O_NONBLOCK, opening a pipe would wait for a writer.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    if (!fstatSync(file).isFile()) return { problem: 'is not a regular file' };
    const buffer = Buffer.alloc(MAX_BYTES + 1);
    const bytes = readFully(file, buffer);
    if (bytes > MAX_BYTES) return { problem: `has more than ${MAX_BYTES} bytes` };
    return { text: buffer.toString('utf8', 0, bytes) };
  } catch (error) {
    return { problem: `cannot be read (${String(codeOf(error))})` };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Fills the buffer, or reads to the end of the file. @returns the number of bytes. */
function readFully(file: number, buffer: Buffer): number {
  for (let length = 0; ;) {
    const bytes = readSync(file, buffer, length, buffer.length - length, null);
    length += bytes;
    if (bytes === 0 || length === buffer.length) return length;
  }
}
