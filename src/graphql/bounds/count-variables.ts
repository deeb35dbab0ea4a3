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
  const look = (part: unknown) => {
    if (typeof part === 'object' && part !== null) pending.push(part);
  };
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) {
      listItems += value.length;
      for (const item of value) look(item);
    } else {
      // For an object of very many fields half as expensive as `Object.values`.
      const names = Object.keys(value);
      inputFields += names.length;
      for (const name of names) look(Reflect.get(value, name));
    }
  }
  return { listItems, inputFields };
}
