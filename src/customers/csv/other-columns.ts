import { limits } from '../limits.js';
import { IGNORE, placesOf } from './column-map.js';
import { METADATA_PREFIX } from './column-names.js';
import { type PlanOptions } from './plan-options.js';
import { columnNamed, nameOfColumn } from './csv-column.js';
import { type FieldPlaces } from './field-places.js';
import { type HeaderIndex } from './header-index.js';

/** Deals with columns that fill no field. @returns the places of those that stay unread. */
export function placeOthers(
  index: HeaderIndex,
  rejection: ReadonlySet<number>,
  options: PlanOptions,
  fields: FieldPlaces,
  problems: string[],
): number[] {
  const ignorable = explicitlyIgnored(index, options);
  const { others } = options;
  return freePlaces(index, fields, rejection).filter((place) => {
    const name = index.names[place] ?? '';
    if (ignorable.has(place)) return true;
    if (others === 'refuse') {
      problems.push(name === '' ? `Column ${place + 1} has no name.` : `Unknown column \`${name}\`.`);
    }
    const field = others === 'metadata' ? metadataField(name) : undefined;
    return field === undefined || !fields.setIfFree(field, [[place]]);
  });
}

function explicitlyIgnored(index: HeaderIndex, { maps, mapping }: PlanOptions): ReadonlySet<number> {
  const mapped = maps
    .filter(({ field }) => field === IGNORE)
    .map(({ columns }) => placesOf(index, columns))
    .flatMap((found) => ('places' in found ? found.places : []));
  const saved = (mapping?.ignore ?? []).flatMap((name) => index.findAll(name));
  return new Set([...mapped, ...saved]);
}

/** Columns that fill no field and are not the second of a duplicate. */
function freePlaces(index: HeaderIndex, fields: FieldPlaces, rejection: ReadonlySet<number>): number[] {
  const used = fields.used();
  const isTaken = (place: number | undefined) =>
    place !== undefined && (used.has(place) || rejection.has(place));
  return [...index.names.keys()].filter((place) => !isTaken(place) && !isTaken(index.duplicateOf(place)));
}

/** The metadata field for a column, with as much of its name as a key can have. */
export function metadataField(name: string): string | undefined {
  const key = Array.from(name).slice(0, limits.metadataKey).join('');
  const column = columnNamed(`${METADATA_PREFIX}${key}`);
  return typeof column === 'string' ? undefined : nameOfColumn(column);
}
