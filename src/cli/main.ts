import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// As in `src/main.ts`; the rest must be imported after this.
enableCompileCache(fileURLToPath(new URL('../../.compile-cache', import.meta.url)));
await import('./run.js');
