import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Compiling what we import is the largest part of a start; from the second start on it is read from beside the
// code, where nobody can write who could not write the code as well. The rest must be imported after this.
enableCompileCache(fileURLToPath(new URL('../.compile-cache', import.meta.url)));
await import('./run.js');
