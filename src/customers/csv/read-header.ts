import { cleanText } from '../../validation/clean-text.js';
import { identifier, requiredText } from '../../validation/text-rules.js';
import { limits } from '../limits.js';
import {
  addressColumns,
  contactColumn,
  type ContactField,
  contactFields,
  METADATA_PREFIX,
  rejectionColumns,
  requiredColumns,
  textColumns,
} from './column-names.js';

/** Where the cells of a column go. */
export type CsvColumn =
  | { readonly kind: 'text'; readonly property: (typeof textColumns)[number] }
  | ({ readonly kind: 'address' } & Pick<(typeof addressColumns)[number], 'address' | 'part'>)
  | { readonly kind: 'contact'; readonly index: number; readonly part: ContactField }
  | { readonly kind: 'metadata'; readonly key: string }
  | { readonly kind: 'rejection' };

/** Every column with a fixed name. */
const known: ReadonlyMap<string, CsvColumn> = new Map<string, CsvColumn>([
  ...textColumns.map((property) => [property, { kind: 'text', property }] as const),
  ...addressColumns.map(({ name, address, part }) => [name, { kind: 'address', address, part }] as const),
  ...Array.from({ length: limits.contacts }, (_, index) =>
    contactFields.map((part) => [contactColumn(index, part), { kind: 'contact', index, part }] as const),
  ).flat(),
  ...rejectionColumns.map((name) => [name, { kind: 'rejection' }] as const),
]);

/** In characters. Longer names are unknown. */
const MAX_NAME_LENGTH = METADATA_PREFIX.length + limits.metadataKey;

const metadataKey = requiredText(limits.metadataKey, identifier);

/**
 * Reads the names of a file's columns.
 *
 * @returns the columns in the file's order, or every problem that the names have.
 */
export function readHeader(
  header: readonly string[],
): { readonly columns: readonly CsvColumn[] } | { readonly problems: readonly string[] } {
  const problems: string[] = [];
  const columns: CsvColumn[] = [];
  const names = header.map((name) => cleanText(name, MAX_NAME_LENGTH));
  for (const [place, name] of names.entries()) {
    const column = columnNamed(name);
    if (name === '') problems.push(`Column ${place + 1} has no name.`);
    else if (names.indexOf(name) < place)
      problems.push(`Duplicate column \`${name}\` (columns ${names.indexOf(name) + 1} and ${place + 1}).`);
    else if (typeof column === 'string') problems.push(column);
    else columns.push(column);
  }
  for (const name of requiredColumns) {
    if (!names.includes(name)) problems.push(`Missing column \`${name}\`.`);
  }
  return problems.length > 0 ? { problems } : { columns };
}

/** The column of a name, or the error of the name. */
function columnNamed(name: string): CsvColumn | string {
  const column = known.get(name);
  if (column) return column;
  if (!name.startsWith(METADATA_PREFIX)) return `Unknown column \`${name}\`.`;
  const key = metadataKey.safeParse(name.slice(METADATA_PREFIX.length));
  if (key.success) return { kind: 'metadata', key: key.data };
  return `Column \`${name}\`: the metadata key ${key.error.issues[0]?.message}.`;
}
