import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Starts the files that take longest first, so that a run does not end with one of them alone. Vitest knows how long files
 * took only in a checkout that has run them before.
 *
 * @param longest - how the names of these files end, in the order in which they start.
 */
export function longestFirst(longest: readonly string[]): typeof BaseSequencer {
  const rankOf = ({ moduleId }: TestSpecification) => {
    const rank = longest.findIndex((name) => moduleId.endsWith(`/${name}`));
    return rank === -1 ? longest.length : rank;
  };
  return class LongestFirst extends BaseSequencer {
    override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
      // oxlint-disable-next-line unicorn/no-array-sort -- a method of Vitest's, not of an array
      const sorted = await super.sort(files);
      return sorted.toSorted((one, other) => rankOf(one) - rankOf(other));
    }
  };
}
