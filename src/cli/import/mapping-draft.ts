import {
  addressColumns,
  contactColumn,
  contactFields,
  requiredColumns,
  textColumns,
} from '../../customers/csv/column-names.js';
import { type ColumnPlan } from '../../customers/csv/column-plan.js';
import { type SavedMapping } from '../../customers/csv/plan-options.js';

/** The fields that a user can choose for a column, beside metadata. */
export const choosableFields: readonly string[] = [
  ...textColumns,
  ...addressColumns.map(({ name }) => name),
  ...contactFields.map((part) => contactColumn(0, part)),
];

/** What to do with a field that has a column already. */
export type Placement = 'replace' | 'join' | 'fallback';

/** A mapping while a user edits it. */
export class MappingDraft {
  readonly #fields: Map<string, readonly (readonly number[])[]>;

  constructor(readonly plan: ColumnPlan) {
    this.#fields = new Map(plan.fields.map(({ name, sources }) => [name, sources]));
  }

  /** The fields that a column fills. */
  fieldsOf(place: number): string[] {
    return [...this.#fields].flatMap(([field, sources]) => (sources.flat().includes(place) ? [field] : []));
  }

  /** The names of the columns that fill a field, in words. */
  columnsOf(field: string): string | undefined {
    const sources = this.#fields.get(field);
    return sources?.map((places) => places.map((place) => this.#nameOf(place)).join(' + ')).join(', else ');
  }

  /** Takes a column away from all fields. */
  ignore(place: number): void {
    for (const [field, sources] of this.#fields) {
      const left = sources
        .map((places) => places.filter((other) => other !== place))
        .filter((places) => places.length > 0);
      if (left.length > 0) this.#fields.set(field, left);
      else this.#fields.delete(field);
    }
  }

  /** Reads a field from a column, and no other field. */
  assign(place: number, field: string, placement: Placement): void {
    this.ignore(place);
    const sources = placement === 'replace' ? [] : (this.#fields.get(field) ?? []);
    const last = sources.at(-1);
    this.#fields.set(
      field,
      placement === 'join' && last ? [...sources.slice(0, -1), [...last, place]] : [...sources, [place]],
    );
  }

  /** The required fields that no column fills. */
  missing(): string[] {
    return requiredColumns.filter((field) => !this.#fields.has(field));
  }

  /** The mapping to save. Every named column that fills no field is ignored on purpose. */
  toMapping(): SavedMapping {
    const used = new Set([...this.#fields.values()].flat(2));
    const { header, rejection } = this.plan;
    const ignored = [...header.keys()].filter((place) => !used.has(place) && !rejection.has(place));
    return {
      fields: Object.fromEntries(
        [...this.#fields].map(([field, sources]) => [
          field,
          sources.map((places) => places.map((place) => this.#nameOf(place))),
        ]),
      ),
      ignore: [...new Set(ignored.map((place) => this.#nameOf(place)))].filter((name) => name !== ''),
    };
  }

  #nameOf(place: number): string {
    return this.plan.header[place] ?? '';
  }
}
