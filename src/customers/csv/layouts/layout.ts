import { type addressColumns, type contactFields, type textColumns } from '../column-names.js';

/** A field that a layout can fill. */
export type FieldName =
  | (typeof textColumns)[number]
  | (typeof addressColumns)[number]['name']
  | `contacts.${number}.${(typeof contactFields)[number]}`
  | `metadata.${string}`;

/** Columns whose cells are joined, by their names in the file. */
export type JoinedColumns = readonly string[];

/** Where a field comes from: the first of these that is not blank in a row. */
export type Alternatives = readonly JoinedColumns[];

/** The fields of a file and the columns that they come from. */
export type FieldSources = Readonly<Partial<Record<FieldName, Alternatives>>>;

/** The columns of a product's export of customers. */
export interface Layout {
  /** The value of `--from`. */
  readonly name: string;
  /** The product and its export, for people. */
  readonly title: string;
  /** A file with all columns of one of these sets has the layout. */
  readonly signatures: readonly (readonly string[])[];
  /** Columns that are not in the file are skipped, so one table covers the versions of an export. */
  readonly fields: FieldSources;
  /** Ends the names of columns that have the product's own metadata; the rest of the name is the key. */
  readonly metadataSuffix?: string;
}

/** Each column alone, in the order of preference. */
export function anyOf(...names: readonly string[]): Alternatives {
  return names.map((name) => [name]);
}

/** An address whose columns have a common beginning, in a layout's own names. */
export function addressFrom(
  address: 'billingAddress' | 'shippingAddress',
  parts: {
    readonly street: Alternatives;
    readonly city: Alternatives;
    readonly state: Alternatives;
    readonly zipCode: Alternatives;
    readonly country: Alternatives;
  },
): FieldSources {
  return Object.fromEntries(Object.entries(parts).map(([part, sources]) => [`${address}.${part}`, sources]));
}
