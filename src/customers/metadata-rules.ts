import { z } from 'zod';
import { duplicate, listOf } from '../validation/list-of.js';
import { identifier, lines, optionalText, report, requiredText } from '../validation/text-rules.js';
import { limits } from './limits.js';

/** A pair of a customer's metadata. */
export interface MetadataEntry {
  readonly key: string;
  readonly value: string;
}

const entry = z.object({
  key: requiredText(limits.metadataKey, identifier),
  value: optionalText(limits.metadataValue, lines),
});

/** Pairs as they are sent: one without a value says that there is to be no such key. */
export const providedMetadata = listOf(entry, limits.metadataEntries).superRefine((entries, context) => {
  const keys = new Set<string>();
  for (const [index, { key }] of entries.entries()) {
    if (keys.has(key)) report(context, duplicate, [index, 'key']);
    keys.add(key);
  }
});

/** The metadata of a new customer. */
export const metadata = providedMetadata.transform((entries) => mergeMetadata([], entries));

/** The pairs there are once those that were sent are set, and those without a value removed. */
export function mergeMetadata(
  current: readonly MetadataEntry[],
  sent: readonly z.output<typeof entry>[],
): MetadataEntry[] {
  const values = new Map([...current, ...sent].map(({ key, value }) => [key, value]));
  return sortedByKey(
    Array.from(values, ([key, value]) => ({ key, value })).filter(
      (pair): pair is MetadataEntry => pair.value !== null,
    ),
  );
}

/** The one order in which metadata is answered: that of its keys' UTF-16 units, whatever the locale. */
export function sortedByKey(entries: readonly MetadataEntry[]): MetadataEntry[] {
  return entries.toSorted((a, b) => (a.key < b.key ? -1 : 1));
}
