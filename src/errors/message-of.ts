/** The message of an error, without its stack. A host name with several addresses fails with one error for each. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}

/** The text before the first line break. */
export const firstLine = (text: string): string => text.split('\n', 1).join();
