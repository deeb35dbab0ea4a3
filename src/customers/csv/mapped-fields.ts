import { addOwnFields } from './automatic-fields.js';
import { type ColumnMap, fieldNamed, IGNORE, placesOf } from './column-map.js';
import { type SavedMapping } from './plan-options.js';
import { type FieldPlaces } from './field-places.js';
import { type HeaderIndex } from './header-index.js';
import { type Layout } from './layouts/layout.js';
import { metadataField } from './other-columns.js';

/** Adds the fields of a known layout. */
export function addLayout(
  index: HeaderIndex,
  { fields: known, metadataSuffix }: Layout,
  fields: FieldPlaces,
): void {
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

/** Adds the fields of a mapping that a user has saved. It must fit the file. */
export function addSavedFields(
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
export function applyMaps(
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
