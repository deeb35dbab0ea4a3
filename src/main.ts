import { checkNode } from './check-node.js';

checkNode('npm start');

// An older Node lacks these, and must get as far as the check.
const { enableCompileCache } = await import('node:module');
const { fileURLToPath } = await import('node:url');

// Compiling what we import is the largest part of a start; from the second start on it is read from beside the
// code, where nobody can write who could not write the code as well. The rest must be imported after this.
enableCompileCache(fileURLToPath(new URL('../.compile-cache', import.meta.url)));
await import('./run.js');
