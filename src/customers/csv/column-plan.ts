import { cleanText } from '../../validation/clean-text.js';
import { limits } from '../limits.js';
import { addFieldsByName } from './automatic-fields.js';
import { rejectionColumns, requiredColumns } from './column-names.js';
import { columnNamed, type CsvColumn } from './csv-column.js';
import { FieldPlaces, type Sources } from './field-places.js';
import { HeaderIndex } from './header-index.js';
import { type Layout } from './layouts/layout.js';
import { layoutOf, layouts } from './layouts/layouts.js';
import { addLayout, addSavedFields, applyMaps } from './mapped-fields.js';
import { placeOthers } from './other-columns.js';
import { type PlanOptions } from './plan-options.js';

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

/** A plan, and what is wrong with it. */
export interface ProposedPlan {
  readonly plan: ColumnPlan;
  readonly problems: readonly string[];
  /** Required fields that no column fills. Each is one of the problems. */
  readonly missing: readonly string[];
}

/** Decides which columns fill which fields. @returns the plan with every problem of the header; without problems it can be used. */
export function planColumns(rawHeader: readonly string[], options: PlanOptions): ProposedPlan {
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
  const ignored = placeOthers(index, rejection, options, fields, problems);
  problems.push(...duplicates(index, fields));
  const missing = requiredColumns.filter((name) => !fields.has(name));
  problems.push(...missing.map((name) => `Missing column \`${name}\`.`));

  const planned = [...fields].flatMap(([name, sources]): PlannedField[] => {
    const column = columnNamed(name);
    return typeof column === 'string' ? [] : [{ name, column, sources }];
  });
  const isOwn = planned.every(
    ({ name, sources: [joined = [], ...more] }) =>
      more.length === 0 && joined.length === 1 && header[joined[0] ?? -1] === name,
  );
  const saysPrimary = planned.some(({ column }) => column.kind === 'contact' && column.part === 'isPrimary');
  const firstIsPrimary = !isOwn && !saysPrimary;
  return {
    plan: { header, fields: planned, layout, ignored, rejection, isOwn, firstIsPrimary },
    problems,
    missing,
  };
}

const isRejectionColumn = (name: string) => rejectionColumns.some((own) => own === name);

/** A file whose columns are named as the gateway's own is never taken for the export of a product. */
function layoutFor(header: readonly string[], from: string | undefined): Layout | undefined {
  if (from !== undefined) return layouts.find(({ name }) => name === from);
  return requiredColumns.every((name) => header.includes(name)) ? undefined : layoutOf(header);
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
