import { columnNamed, knownColumns, nameOfColumn } from './csv-column.js';
import { type FieldPlaces } from './field-places.js';
import { type HeaderIndex } from './header-index.js';
import { headerKey } from './header-name.js';
import { fieldsOfMeanings, meanings } from './synonyms.js';

const fieldsByKey = new Map([...knownColumns.keys()].map((name) => [headerKey(name), name]));

/** Adds the columns that are named as the gateway names them, such as `billingAddress.city`, where nothing fills the field yet. */
export function addOwnFields({ names }: HeaderIndex, fields: FieldPlaces): void {
  const used = fields.used();
  for (const [place, name] of names.entries()) {
    const column = columnNamed(name);
    if (typeof column === 'string' || used.has(place)) continue;
    fields.setIfFree(nameOfColumn(column), [[place]]);
  }
}

/** The fields of a file of no known layout, by the names of its columns. */
export function addFieldsByName(index: HeaderIndex, fields: FieldPlaces): void {
  addOwnFields(index, fields);
  const used = fields.used();
  for (const [place, name] of index.names.entries()) {
    const field = fieldsByKey.get(headerKey(name));
    if (field === undefined || used.has(place) || !fields.setIfFree(field, [[place]])) continue;
    used.add(place);
  }
  const found = columnsByMeaning(index, used);
  for (const [field, alternatives] of fieldsOfMeanings) {
    const sources = alternatives
      .map((joined) => joined.flatMap((meaning) => found.get(meaning) ?? []))
      .filter((places) => places.length > 0);
    if (sources.length > 0) fields.setIfFree(field, sources);
  }
  // Beside the name of a company, the name of a person is that of its contact.
  const person = found.get('person');
  if (person !== undefined && (found.has('customer') || found.has('company'))) {
    if (!fields.has('contacts.0.lastName')) fields.setIfFree('contacts.0.firstName', [[person]]);
  }
}

/** The likeliest column of each meaning. Others of the same meaning are not read. */
function columnsByMeaning(index: HeaderIndex, used: ReadonlySet<number>): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const [meaning, names] of Object.entries(meanings)) {
    for (const name of names) {
      const place = index.findAll(name).find((candidate) => !used.has(candidate));
      if (place === undefined) continue;
      found.set(meaning, place);
      break;
    }
  }
  return found;
}
