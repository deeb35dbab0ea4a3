import { type FieldError } from '../../validation/field-error.type.js';
import { type CreateCustomerInput } from '../create/create-customer.input.js';
import { type TextField, textFields } from '../customer-rules.js';
import {
  addressColumns,
  type ContactField,
  contactFields,
  METADATA_PREFIX,
  requiredColumns,
} from './column-names.js';
import { type RowInput } from './row-input.js';
import { type RowProblem } from './row-note.js';

/** Fields without which a row is not stored: those that are required, and the identity of the customer in another system. */
const neededFields = [...requiredColumns, 'externalId'] as const;

type NeededField = (typeof neededFields)[number];

/** Paths of errors that no field can be left out for. */
const neededPaths: ReadonlySet<string> = new Set([...neededFields, 'contacts', 'metadata']);

/** Whether the error is of a field that can be left out. */
export const isDroppable = ({ path }: FieldError): boolean => !neededPaths.has(path);

/** Puts the contacts and the metadata of a row into its input, in the order of their columns. */
export function setLists({ input, contacts, metadata }: RowInput): CreateCustomerInput {
  input.contacts = numbersOf(contacts).map((number) => contacts.get(number) ?? {});
  input.metadata = [...metadata];
  return input;
}

const numbersOf = (contacts: RowInput['contacts']) => [...contacts.keys()].toSorted((a, b) => a - b);

/** An error with the name of its column. Blank contacts and pairs are absent from the lists, so their indexes differ. */
export function columnError(
  { contacts, metadata }: RowInput,
  { path, message, code }: FieldError,
): RowProblem {
  const [list, place, ...rest] = path.split('.');
  if (place === undefined) return { path, message, code };
  const column =
    list === 'metadata'
      ? `${METADATA_PREFIX}${metadata[Number(place)]?.key}`
      : list === 'contacts'
        ? ['contacts', numbersOf(contacts)[Number(place)], ...rest].join('.')
        : path;
  return { path: column, message, code };
}

/** Leaves out the fields that have errors, with a note for each. */
export function dropFields(row: RowInput, errors: readonly FieldError[]): void {
  const noted = errors.map((error) => ({ error, column: columnError(row, error) }));
  const contacts = numbersOf(row.contacts);
  const pairs = new Set<number>();
  for (const { error, column } of noted) {
    const value = drop(row, error.path, contacts, pairs);
    row.notes.push({ ...column, value: value ?? '' });
  }
  const kept = row.metadata.filter((_, place) => !pairs.has(place));
  row.metadata.splice(0, row.metadata.length, ...kept);
}

/** Leaves out one field. @returns its text. */
function drop(
  row: RowInput,
  path: string,
  contacts: readonly number[],
  pairs: Set<number>,
): string | null | undefined {
  const [list = '', place = '', part] = path.split('.');
  if (list === 'metadata') {
    pairs.add(Number(place));
    return row.metadata[Number(place)]?.value;
  }
  if (list === 'contacts') return dropOfContact(row, contacts[Number(place)] ?? -1, part);
  const address = addressColumns.find(({ name }) => name === path);
  if (address) {
    const parts = row.input[address.address] ?? {};
    const value = parts[address.part];
    parts[address.part] = null;
    return value;
  }
  const field = optionalText.find((name) => name === list);
  if (field === undefined) return undefined;
  const value = row.input[field];
  row.input[field] = null;
  return value;
}

const optionalText = textFields.filter(
  (field): field is Exclude<TextField, NeededField> => !neededFields.some((needed) => needed === field),
);

/** Leaves out a part of a contact, or a contact that has no part left. */
function dropOfContact({ contacts }: RowInput, number: number, part: string | undefined) {
  const contact = contacts.get(number);
  const field = contactFields.find((name): name is ContactField => name === part);
  if (!contact || field === undefined) {
    contacts.delete(number);
    return undefined;
  }
  if (field === 'isPrimary') {
    contact.isPrimary = false;
    return 'true';
  }
  const value = contact[field];
  contact[field] = null;
  return value;
}
