import { defineConfig } from 'vitest/config';
import tests from '../vitest.config.ts';
import { longestFirst } from '../support/longest-first.ts';

const LONGEST = ['first-hour', 'frontend-example', 'production', 'clients', 'image'];

export default defineConfig({
  ...tests,
  test: {
    ...tests.test,
    include: ['test/walkthroughs/*.walkthrough.ts'],
    sequence: { sequencer: longestFirst(LONGEST.map((name) => `${name}.walkthrough.ts`)) },
    // Set-ups install and build packages beside other walkthroughs.
    hookTimeout: 180_000,
  },
});
