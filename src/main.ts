import { checkNode } from './check-node.js';

checkNode('npm start');

// An older Node lacks these, and must get as far as the check.
const { enableCompileCache } = await import('node:module');
const { fileURLToPath } = await import('node:url');

// Compiling the imports takes most of the start time, so the compiled code is cached. The cache is beside the code: an account
// that can write to it can also change the code. All other imports must follow this call.
enableCompileCache(fileURLToPath(new URL('../.compile-cache', import.meta.url)));
await import('./run.js');
