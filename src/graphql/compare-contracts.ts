import { buildSchema, DangerousChangeType, findBreakingChanges, findDangerousChanges } from 'graphql';

/** What changes for clients: what they would break at, and additions that they were told to expect. */
export interface ContractChanges {
  readonly breaking: readonly string[];
  readonly expected: readonly string[];
}

/** What is new for clients of a released contract. Both are GraphQL's schema language. */
export function compareContracts(released: string, current: string): ContractChanges {
  const before = buildSchema(released);
  const after = buildSchema(current);
  const breaking = findBreakingChanges(before, after).map(({ description }) => description);
  const expected: string[] = [];
  for (const { type, description } of findDangerousChanges(before, after)) {
    // With another default, calls that nobody changed mean something else.
    (type === DangerousChangeType.ARG_DEFAULT_VALUE_CHANGE ? breaking : expected).push(description);
  }
  return { breaking, expected };
}
