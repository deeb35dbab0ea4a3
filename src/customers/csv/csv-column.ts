import { cleanText } from '../../validation/clean-text.js';
import { identifier, requiredText } from '../../validation/text-rules.js';
import { limits } from '../limits.js';
import {
  addressColumns,
  contactColumn,
  type ContactField,
  contactFields,
  METADATA_PREFIX,
  textColumns,
} from './column-names.js';

/** Where the cells of a column go. */
export type CsvColumn =
  | { readonly kind: 'text'; readonly property: (typeof textColumns)[number] }
  | ({ readonly kind: 'address' } & Pick<(typeof addressColumns)[number], 'address' | 'part'>)
  | { readonly kind: 'contact'; readonly index: number; readonly part: ContactField }
  | { readonly kind: 'metadata'; readonly key: string };

/** Every column with a fixed name. */
export const knownColumns: ReadonlyMap<string, CsvColumn> = new Map<string, CsvColumn>([
  ...textColumns.map((property) => [property, { kind: 'text', property }] as const),
  ...addressColumns.map(({ name, address, part }) => [name, { kind: 'address', address, part }] as const),
  ...Array.from({ length: limits.contacts }, (_, index) =>
    contactFields.map((part) => [contactColumn(index, part), { kind: 'contact', index, part }] as const),
  ).flat(),
]);

/** In characters. Longer names are unknown. */
const MAX_NAME_LENGTH = METADATA_PREFIX.length + limits.metadataKey;

const metadataKey = requiredText(limits.metadataKey, identifier);

/** The column with this name, or why there is none. */
export function columnNamed(raw: string): CsvColumn | string {
  const name = cleanText(raw, MAX_NAME_LENGTH);
  const column = knownColumns.get(name);
  if (column) return column;
  if (!name.startsWith(METADATA_PREFIX)) return `Unknown field \`${name}\`.`;
  const key = metadataKey.safeParse(name.slice(METADATA_PREFIX.length));
  if (key.success) return { kind: 'metadata', key: key.data };
  return `Column \`${name}\`: the metadata key ${key.error.issues[0]?.message}.`;
}

/** The name of a column. */
export function nameOfColumn(column: CsvColumn): string {
  if (column.kind === 'text') return column.property;
  if (column.kind === 'address') return `${column.address}.${column.part}`;
  return column.kind === 'contact'
    ? contactColumn(column.index, column.part)
    : `${METADATA_PREFIX}${column.key}`;
}
