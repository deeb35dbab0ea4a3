/** Thrown for invalid arguments, files or variables of a command. Nothing was changed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  /** @param problems - every problem, one per line. Must not contain values that may be secrets. */
  constructor(...problems: readonly string[]) {
    super(problems.join('\n'));
  }
}
