/** Thrown by a command that could not do what it was asked; its message is for the operator. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
}

/** An error nobody expected, for an operator: what it says, and not where in our code. */
export function describe(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describe).join('; ');
  return error instanceof Error ? error.message : String(error);
}
