import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The walkthroughs that take longest, in the order in which they start. */
const LONGEST = ['first-hour', 'frontend-example', 'production', 'clients', 'image'];

/** Starts the longest files first, so that a run does not end with one of them alone. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((one, other) => rankOf(one) - rankOf(other));
  }
}

function rankOf({ moduleId }: TestSpecification): number {
  const rank = LONGEST.indexOf(basename(moduleId, '.walkthrough.ts'));
  return rank === -1 ? LONGEST.length : rank;
}
