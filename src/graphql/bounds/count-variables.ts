/** The size of a request's variables. */
export interface VariablesSize {
  /** Items of all lists. */
  readonly listItems: number;
  /** Fields of all objects, including the variables themselves. */
  readonly inputFields: number;
}

/**
 * Counts what graphql-js would coerce: each list item and each field, known or not, before any rule can refuse it. Counting
 * takes a small part of that time.
 */
export function countVariables(variables: unknown): VariablesSize {
  let listItems = 0;
  let inputFields = 0;
  // No recursion: a body can nest deeper than the call stack.
  const pending = [variables];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value !== 'object' || value === null) continue;
    const parts: unknown[] = Array.isArray(value) ? value : Object.values(value);
    if (Array.isArray(value)) listItems += parts.length;
    else inputFields += parts.length;
    for (const part of parts) pending.push(part);
  }
  return { listItems, inputFields };
}
