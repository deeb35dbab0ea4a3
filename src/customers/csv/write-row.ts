import { type StoredCustomer } from '../new-customer.js';
import {
  addressColumns,
  contactColumn,
  contactFields,
  METADATA_PREFIX,
  textColumns,
} from './column-names.js';
import { escapeCell } from './spreadsheet-cell.js';

/** The numbers of columns that depend on the exported customers. */
export interface CsvWidths {
  /** How many contacts have columns. */
  readonly contacts: number;
  /** The keys of metadata that have a column. */
  readonly metadataKeys: readonly string[];
}

/** The names of the columns, in their order. */
export function headerOf({ contacts, metadataKeys }: CsvWidths): string[] {
  return [
    ...textColumns,
    ...addressColumns.map(({ name }) => name),
    ...numbersTo(contacts).flatMap((index) => contactFields.map((part) => contactColumn(index, part))),
    ...metadataKeys.map((key) => `${METADATA_PREFIX}${key}`),
  ];
}

/**
 * The cells of a customer. Absent values are empty.
 *
 * @param forSpreadsheets - whether cells that a spreadsheet would run as formulas are escaped.
 */
export function cellsOf(
  customer: StoredCustomer,
  { contacts, metadataKeys }: CsvWidths,
  forSpreadsheets = false,
): string[] {
  const metadata = new Map(customer.metadata.map(({ key, value }) => [key, value]));
  return [
    ...textColumns.map((property) => customer[property]),
    ...addressColumns.map(({ address, part }) => customer[address]?.[part]),
    ...numbersTo(contacts).flatMap((index) =>
      contactFields.map((part) => customer.contacts[index]?.[part]?.toString()),
    ),
    ...metadataKeys.map((key) => metadata.get(key)),
  ].map((cell) => escapeCell(cell ?? '', forSpreadsheets));
}

function numbersTo(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}
