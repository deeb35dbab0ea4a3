import { cleanText } from '../../validation/clean-text.js';
import { limits } from '../limits.js';
import { addFieldsByName, addOwnFields } from './automatic-fields.js';
import { METADATA_PREFIX, rejectionColumns, requiredColumns } from './column-names.js';
import { type ColumnMap, fieldNamed, IGNORE, placesOf } from './column-map.js';
import { columnNamed, type CsvColumn, nameOfColumn } from './csv-column.js';
import { FieldPlaces, type Sources } from './field-places.js';
import { HeaderIndex } from './header-index.js';
import { type Layout } from './layouts/layout.js';
import { layoutOf, layouts } from './layouts/layouts.js';

/** What happens to columns that fill no field. */
export const otherColumns = ['ignore', 'metadata', 'refuse'] as const;

/** A field and the columns that it is read from. */
export interface PlannedField {
  readonly name: string;
  readonly column: CsvColumn;
  readonly sources: Sources;
}

/** Which columns of a file fill which fields. */
export interface ColumnPlan {
  /** The names of the columns. */
  readonly header: readonly string[];
  readonly fields: readonly PlannedField[];
  /** The known layout that the file has. */
  readonly layout: Layout | undefined;
  /** Places of columns that fill no field. */
  readonly ignored: readonly number[];
  /** Places of the columns that an import adds to rejected rows. */
  readonly rejection: ReadonlySet<number>;
  /** Whether every field is read from the column of its own name, as in an export of the gateway. */
  readonly isOwn: boolean;
  /** Whether the first contact is primary, because the file has a person but no column that says so. */
  readonly firstIsPrimary: boolean;
}

/** A mapping that a user has saved. It takes the place of a layout. */
export interface SavedMapping {
  /** Names of columns by field, as in a {@link Layout}. */
  readonly fields: Readonly<Record<string, readonly (readonly string[])[]>>;
  /** Names of columns that are not read. */
  readonly ignore: readonly string[];
}

/** What a user has said about the columns. */
export interface PlanOptions {
  /** The name of a layout. Default: the layout that the header has. */
  readonly from?: string | undefined;
  readonly mapping?: SavedMapping | undefined;
  /** Each takes precedence over the layout or the mapping. */
  readonly maps: readonly ColumnMap[];
  readonly others: (typeof otherColumns)[number];
}

/** Decides which columns fill which fields. @returns every problem of the header, if it has any. */
export function planColumns(
  rawHeader: readonly string[],
  options: PlanOptions,
): { readonly plan: ColumnPlan } | { readonly problems: readonly string[] } {
  const header = rawHeader.map((name) => cleanText(name, limits.name));
  const index = new HeaderIndex(header);
  const layout = options.mapping ? undefined : layoutFor(header, options.from);
  const fields = new FieldPlaces();
  const problems: string[] = [];
  if (options.mapping) addSavedFields(index, options.mapping, fields, problems);
  else if (layout) addLayout(index, layout, fields);
  else addFieldsByName(index, fields);
  applyMaps(index, options.maps, fields, problems);

  const rejection = new Set(header.flatMap((name, place) => (isRejectionColumn(name) ? [place] : [])));
  const free = freePlaces(index, fields, rejection);
  const ignored = placeOthers(
    header,
    free,
    explicitlyIgnored(index, options),
    options.others,
    fields,
    problems,
  );
  problems.push(...duplicates(index, fields));
  for (const name of requiredColumns) if (!fields.has(name)) problems.push(`Missing column \`${name}\`.`);
  if (problems.length > 0) return { problems };

  const planned = [...fields].flatMap(([name, sources]): PlannedField[] => {
    const column = columnNamed(name);
    return typeof column === 'string' ? [] : [{ name, column, sources }];
  });
  const isOwn = planned.every(
    ({ name, sources: [joined = [], ...more] }) =>
      more.length === 0 && joined.length === 1 && header[joined[0] ?? -1] === name,
  );
  const saysPrimary = planned.some(({ column }) => column.kind === 'contact' && column.part === 'isPrimary');
  return {
    plan: {
      header,
      fields: planned,
      layout,
      ignored,
      rejection,
      isOwn,
      firstIsPrimary: !isOwn && !saysPrimary,
    },
  };
}

const isRejectionColumn = (name: string) => rejectionColumns.some((own) => own === name);

/** A file whose columns are named as the gateway's own is never taken for the export of a product. */
function layoutFor(header: readonly string[], from: string | undefined): Layout | undefined {
  if (from !== undefined) return layouts.find(({ name }) => name === from);
  return requiredColumns.every((name) => header.includes(name)) ? undefined : layoutOf(header);
}

function addLayout(index: HeaderIndex, { fields: known, metadataSuffix }: Layout, fields: FieldPlaces): void {
  for (const [field, alternatives = []] of Object.entries(known)) {
    const sources = alternatives
      .map((names) => names.map((name) => index.find(name)).filter((place) => place !== undefined))
      .filter((places) => places.length > 0);
    if (sources.length > 0) fields.setIfFree(field, sources);
  }
  const used = fields.used();
  for (const [place, name] of index.names.entries()) {
    if (metadataSuffix === undefined || !name.endsWith(metadataSuffix) || used.has(place)) continue;
    const field = metadataField(name.slice(0, -metadataSuffix.length));
    if (field !== undefined) fields.setIfFree(field, [[place]]);
  }
  addOwnFields(index, fields);
}

function addSavedFields(
  index: HeaderIndex,
  mapping: SavedMapping,
  fields: FieldPlaces,
  problems: string[],
): void {
  for (const [text, alternatives] of Object.entries(mapping.fields)) {
    const named = fieldNamed(text);
    if ('problem' in named) {
      problems.push(`The mapping: ${named.problem}`);
      continue;
    }
    for (const names of alternatives) {
      const places = names.map((name) => index.find(name));
      const absent = names.filter((_, position) => places[position] === undefined);
      problems.push(...absent.map((name) => `The mapping: the file has no column \`${name}\`.`));
      fields.append(
        named.field,
        places.filter((place) => place !== undefined),
      );
    }
  }
}

/** A column that is mapped goes where its map says, and nowhere else. */
function applyMaps(
  index: HeaderIndex,
  maps: readonly ColumnMap[],
  fields: FieldPlaces,
  problems: string[],
): void {
  const mapped: { readonly field: string; readonly places: readonly number[] }[] = [];
  for (const { columns, field } of maps) {
    const found = placesOf(index, columns);
    if ('problem' in found) problems.push(found.problem);
    else mapped.push({ field, places: found.places });
  }
  fields.release(new Set(mapped.flatMap(({ places }) => places)));
  for (const { field } of mapped) fields.remove(field);
  for (const { field, places } of mapped) if (field !== IGNORE) fields.append(field, places);
}

function explicitlyIgnored(index: HeaderIndex, { maps, mapping }: PlanOptions): ReadonlySet<number> {
  const names = [
    ...maps.flatMap(({ columns, field }) => (field === IGNORE ? [columns] : [])),
    ...(mapping?.ignore ?? []),
  ];
  return new Set(names.flatMap((name) => index.findAll(name)));
}

/** Columns that fill no field and are not the second of a duplicate. */
function freePlaces(index: HeaderIndex, fields: FieldPlaces, rejection: ReadonlySet<number>): number[] {
  const used = fields.used();
  const isTaken = (place: number | undefined) =>
    place !== undefined && (used.has(place) || rejection.has(place));
  return [...index.names.keys()].filter((place) => !isTaken(place) && !isTaken(index.duplicateOf(place)));
}

/** Deals with columns that fill no field. @returns the places of those that stay unread. */
function placeOthers(
  header: readonly string[],
  free: readonly number[],
  ignorable: ReadonlySet<number>,
  others: PlanOptions['others'],
  fields: FieldPlaces,
  problems: string[],
): number[] {
  return free.filter((place) => {
    const name = header[place] ?? '';
    if (ignorable.has(place)) return true;
    if (others === 'refuse') {
      problems.push(name === '' ? `Column ${place + 1} has no name.` : `Unknown column \`${name}\`.`);
    }
    const field = others === 'metadata' ? metadataField(name) : undefined;
    return field === undefined || !fields.setIfFree(field, [[place]]);
  });
}

/** The metadata field for a column, with as much of its name as a key can have. */
function metadataField(name: string): string | undefined {
  const key = Array.from(name).slice(0, limits.metadataKey).join('');
  const column = columnNamed(`${METADATA_PREFIX}${key}`);
  return typeof column === 'string' ? undefined : nameOfColumn(column);
}

/** Columns that are read and whose name another column has too. */
function duplicates(index: HeaderIndex, fields: FieldPlaces): string[] {
  return [...fields.used()].flatMap((place) => {
    const other = index.duplicateOf(place);
    if (other === undefined) return [];
    const [first, second] = place < other ? [place, other] : [other, place];
    return [`Duplicate column \`${index.names[place]}\` (columns ${first + 1} and ${second + 1}).`];
  });
}
