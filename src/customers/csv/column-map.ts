import { columnNamed, knownColumns, nameOfColumn } from './csv-column.js';
import { type HeaderIndex } from './header-index.js';
import { headerKey } from './header-name.js';

/** In place of a field: the column is not read. */
export const IGNORE = 'ignore';

/** `Their Header=field`: which columns fill a field. */
export interface ColumnMap {
  /** The name of a column, or several joined by `+`. */
  readonly columns: string;
  /** The name of a field, or {@link IGNORE}. */
  readonly field: string;
}

const fieldsByKey = new Map([...knownColumns.keys()].map((name) => [headerKey(name), name]));

/** The name of the field that a user means, in any case and with any punctuation, or why there is none. */
export function fieldNamed(text: string): { readonly field: string } | { readonly problem: string } {
  const name = text.trim();
  if (name === IGNORE) return { field: IGNORE };
  const known = knownColumns.has(name) ? name : fieldsByKey.get(headerKey(name));
  if (known !== undefined) return { field: known };
  const column = columnNamed(name);
  return typeof column === 'string' ? { problem: column } : { field: nameOfColumn(column) };
}

/**
 * Reads `Their Header=field`. The last `=` separates them, because names of columns can contain it.
 *
 * @returns what is wrong with the text, if anything is.
 */
export function parseColumnMap(text: string): ColumnMap | { readonly problem: string } {
  const separator = text.lastIndexOf('=');
  const columns = text.slice(0, Math.max(separator, 0)).trim();
  if (columns === '') return { problem: 'must be of the form "Their Header=field"' };
  const named = fieldNamed(text.slice(separator + 1));
  return 'problem' in named ? named : { columns, field: named.field };
}

/** The places of the columns of a map. `+` separates several, unless a column's own name contains it. */
export function placesOf(
  index: HeaderIndex,
  columns: string,
): { readonly places: number[] } | { readonly problem: string } {
  const whole = index.find(columns);
  if (whole !== undefined) return { places: [whole] };
  const places: number[] = [];
  for (const name of columns.split('+')) {
    const place = index.find(name.trim());
    if (place === undefined) return { problem: `The file has no column \`${name.trim()}\`.` };
    places.push(place);
  }
  return { places };
}
