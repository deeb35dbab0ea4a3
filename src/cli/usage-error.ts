/** A command was called in the wrong way, as its files or variables show: nothing was done. */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  /** @param problems - everything that is wrong, a line each. Values that may be secrets are not repeated. */
  constructor(...problems: readonly string[]) {
    super(problems.join('\n'));
  }
}
