#!/usr/bin/env node
import { existsSync } from 'node:fs';

// The compiler's output may not be executed, and is not there yet when npm installs; this file is both.
const main = new URL('../dist/src/cli/main.js', import.meta.url);
if (existsSync(main)) {
  await import(main.href);
} else {
  process.stderr.write('The gateway is not built: run npm run build in its folder.\n');
  process.exitCode = 1;
}
