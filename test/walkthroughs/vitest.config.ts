import { defineConfig } from 'vitest/config';
import tests from '../vitest.config.ts';
import { LongestFirst } from './longest-first.ts';

export default defineConfig({
  ...tests,
  test: {
    ...tests.test,
    include: ['test/walkthroughs/*.walkthrough.ts'],
    sequence: { sequencer: LongestFirst },
    // Set-ups install and build packages beside other walkthroughs.
    hookTimeout: 180_000,
  },
});
