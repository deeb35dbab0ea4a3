/**
 * How many items all lists in a request's variables have together. graphql-js coerces every item before a rule of ours
 * can say that a list is too long; this takes a small part of that time.
 */
export function countListItems(variables: unknown): number {
  let items = 0;
  // No recursion: a body can nest deeper than the call stack.
  const pending = [variables];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) items += value.length;
    for (const inner of Object.values(value)) pending.push(inner);
  }
  return items;
}
