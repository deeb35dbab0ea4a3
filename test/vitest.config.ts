import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { longestFirst } from './support/longest-first.ts';

const built = fileURLToPath(new URL('../dist/src/', import.meta.url));

/** Two that wait most of the time beside two that compute: then no core is idle, and no worker. */
const LONGEST = [
  'faults/webhooks.test.ts',
  'faults/worker-outage.test.ts',
  'playground/playground.test.ts',
  'cli/import.test.ts',
  'cli/listen-outages.test.ts',
  'faults/leftover-postgres.test.ts',
];

export default defineConfig({
  resolve: {
    // Tests import the output of `npm run build`, as tsc wrote it. Those of whole processes run the bundle.
    alias: [{ find: /^(?:\.\.\/)+src\//, replacement: built }],
    // As Node does, and not `.mjs` first: then `graphql`, whose `main` has no extension, would be loaded twice.
    extensions: ['.js', '.ts', '.json'],
  },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/bundle.ts', 'test/support/start-postgres.ts'],
    setupFiles: ['reflect-metadata'],
    server: { deps: { external: [/\/dist\/src\//] } },
    sequence: { sequencer: longestFirst(LONGEST) },
    // The files of one worker share the modules that they import, which take longer to load than most files to run.
    isolate: false,
    // Tests also wait for PostgreSQL and for other processes, so two cores run four files.
    maxWorkers: availableParallelism() * 2,
    // Bounds a test that hangs. Many start processes, which take long on a machine that is busy.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A line for each file; the slow tests of a file are shown only where they hold up the run.
    slowTestThreshold: 20_000,
    // Console output is printed only for tests that fail.
    silent: 'passed-only',
  },
});
