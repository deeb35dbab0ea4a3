import { METADATA_PREFIX, rejectionColumns } from './column-names.js';
import { knownColumns } from './csv-column.js';
import { headerKey } from './header-name.js';
import { layouts } from './layouts/layouts.js';
import { type PlanOptions } from './plan-options.js';
import { meanings } from './synonyms.js';

/** Names of columns that distinguish a header from titles and rows. */
const everyName: ReadonlySet<string> = new Set(
  [
    ...knownColumns.keys(),
    ...rejectionColumns,
    ...Object.values(meanings).flat(),
    ...layouts.flatMap(({ fields, signatures }) => [
      ...Object.values(fields).flatMap((alternatives = []) => alternatives.flat()),
      ...signatures.flat(),
    ]),
  ].map(headerKey),
);

/**
 * Counts the cells of a line that name a known column: one of the gateway, of a product's export or of a common name, or one that the
 * user has mapped.
 */
export function countKnownNames(cells: readonly string[], { maps, mapping }: PlanOptions): number {
  const own = new Set(
    [
      ...maps.flatMap(({ columns }) => [columns, ...columns.split('+')]),
      ...Object.values(mapping?.fields ?? {}).flat(2),
      ...(mapping?.ignore ?? []),
    ].map(headerKey),
  );
  const found = new Set<string>();
  for (const cell of cells) {
    const name = cell.trim();
    const key = headerKey(name);
    if (name.startsWith(METADATA_PREFIX) || everyName.has(key) || own.has(key)) found.add(name);
  }
  return found.size;
}
