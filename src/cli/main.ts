import { checkNode } from '../check-node.js';

checkNode('npx customer-gateway');

// As in `src/main.ts`; the rest must be imported after this.
const { enableCompileCache } = await import('node:module');
const { fileURLToPath } = await import('node:url');

enableCompileCache(fileURLToPath(new URL('../../.compile-cache', import.meta.url)));
await import('./run.js');
