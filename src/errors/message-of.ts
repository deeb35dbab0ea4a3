/** What an error says, and not where in our code. A name with several addresses fails with an error for each. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}

/** What stands before the first line break. */
export const firstLine = (text: string): string => text.split('\n', 1).join();
