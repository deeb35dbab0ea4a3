#!/usr/bin/env node
// The compiler's output may not be executed, and is not there yet when npm installs; this file is both.
await import('../dist/src/cli/main.js');
