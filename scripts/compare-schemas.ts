import { buildSchema, DangerousChangeType, findBreakingChanges, findDangerousChanges } from 'graphql';

/** What changes for clients: breaking changes, and additions that clients must expect. */
export interface SchemaChanges {
  readonly breaking: readonly string[];
  readonly expected: readonly string[];
}

/** Compares a released schema with the current one, both as text. */
export function compareSchemas(released: string, current: string): SchemaChanges {
  const before = buildSchema(released);
  const after = buildSchema(current);
  const breaking = findBreakingChanges(before, after).map(({ description }) => description);
  const expected: string[] = [];
  for (const { type, description } of findDangerousChanges(before, after)) {
    // A call that relies on the old default would mean something else.
    (type === DangerousChangeType.ARG_DEFAULT_VALUE_CHANGE ? breaking : expected).push(description);
  }
  return { breaking, expected };
}
