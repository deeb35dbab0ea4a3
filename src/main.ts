import { checkNode } from './check-node.js';

checkNode('npm start');

// An older Node lacks these, and must get as far as the check.
const { enableCompileCache } = await import('node:module');
const { fileURLToPath } = await import('node:url');

// Compiling the modules is the largest part of a start. From the second start on, the compiled code is read from a cache beside the
// code, with the same permissions. Other modules must be imported after this.
enableCompileCache(fileURLToPath(new URL('../.compile-cache', import.meta.url)));
await import('./run.js');
