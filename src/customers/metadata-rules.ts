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

/** Rules for provided pairs. A pair with the value `null` removes its key. */
export const providedMetadata = listOf(entry, limits.metadataEntries).superRefine((entries, context) => {
  const keys = new Set<string>();
  for (const [index, { key }] of entries.entries()) {
    if (keys.has(key)) report(context, duplicate, [index, 'key']);
    keys.add(key);
  }
});

/** The metadata of a new customer. */
export const metadata = providedMetadata.transform((entries) => mergeMetadata([], entries));

/** Sets the provided pairs and removes those with the value `null`. */
export function mergeMetadata(
  current: readonly MetadataEntry[],
  updates: readonly z.output<typeof entry>[],
): MetadataEntry[] {
  const values = new Map([...current, ...updates].map(({ key, value }) => [key, value]));
  return sortedByKey(
    Array.from(values, ([key, value]) => ({ key, value })).filter(
      (pair): pair is MetadataEntry => pair.value !== null,
    ),
  );
}

/** Sorts metadata by key, in the order of UTF-16 code units, independent of any locale. */
export function sortedByKey(entries: readonly MetadataEntry[]): MetadataEntry[] {
  return entries.toSorted((a, b) => (a.key < b.key ? -1 : 1));
}
