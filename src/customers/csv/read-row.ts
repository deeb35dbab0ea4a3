import { z } from 'zod';
import { isBlank } from '../../validation/clean-text.js';
import { type FieldErrorCode } from '../../validation/field-error-code.js';
import { blank } from '../../validation/text-rules.js';
import { type ConflictCode } from '../conflict.type.js';
import { type CreateCustomerInput } from '../create/create-customer.input.js';
import { validateCustomer } from '../create/validate-customer.js';
import { type CustomerDraft } from '../customer-rules.js';
import { CustomerStatus } from '../customer-status.js';
import { type ContactInput, type MetadataInput } from '../customer.input.js';
import { METADATA_PREFIX } from './column-names.js';
import { type CsvColumn } from './read-header.js';
import { unescapeCell } from './spreadsheet-cell.js';

/** An error of a row, with the name of its column. */
export interface RowProblem {
  readonly path: string;
  readonly message: string;
  /** A code of the schema, or `INVALID_VALUE` for text that is no value of the column's type. */
  readonly code: FieldErrorCode | ConflictCode | 'INVALID_VALUE';
}

/** The customer of a valid row. */
export interface CsvDraft {
  readonly draft: CustomerDraft;
  /** Whether the row has a status. Without one, the draft's is the default. */
  readonly hasStatus: boolean;
}

/** The customer of a row, or all errors of the row. */
export type CheckedCsvRow = CsvDraft | { readonly problems: readonly RowProblem[] };

/** A row while it is read. Blank cells are absent, and so are contacts with only blank cells. */
interface Draft {
  readonly input: CreateCustomerInput;
  readonly problems: RowProblem[];
  /** By the number in the columns' names. */
  readonly contacts: Map<number, ContactInput>;
  readonly metadata: MetadataInput[];
}

/**
 * Reads a row and checks it by the rules of `createCustomers`.
 *
 * @param needsExternalId - whether a row without an external ID is invalid.
 */
export function readRow(
  columns: readonly CsvColumn[],
  cells: readonly string[],
  needsExternalId = false,
): CheckedCsvRow {
  const draft: Draft = {
    input: { customer: '', email: '' },
    problems: [],
    contacts: new Map(),
    metadata: [],
  };
  for (const [place, column] of columns.entries()) {
    const cell = cells[place];
    if (cell !== undefined && cell.trim() !== '') fill(draft, column, unescapeCell(cell));
  }
  const { input, problems, metadata } = draft;
  input.metadata = metadata;
  const contacts = [...draft.contacts].toSorted(([a], [b]) => a - b);
  input.contacts = contacts.map(([, contact]) => contact);
  const checked = validateCustomer(input);
  if ('errors' in checked) {
    // An absent contact or pair shifts those after it, so indexes in errors are mapped back to columns.
    const contactNumbers = contacts.map(([number]) => number);
    for (const { path, message, code } of checked.errors) {
      problems.push({ path: columnOf(path, contactNumbers, metadata), message, code });
    }
  }
  if (needsExternalId && isBlank(input.externalId ?? '')) problems.push({ path: 'externalId', ...blank });
  if (problems.length > 0 || 'errors' in checked) return { problems };
  return { draft: checked.draft, hasStatus: input.status !== undefined };
}

function fill({ input, problems, contacts, metadata }: Draft, column: CsvColumn, cell: string): void {
  switch (column.kind) {
    case 'text': {
      if (column.property !== 'status') input[column.property] = cell;
      else input.status = statusOf(cell, problems);
      break;
    }
    case 'address': {
      (input[column.address] ??= {})[column.part] = cell;
      break;
    }
    case 'contact': {
      const contact = contacts.get(column.index) ?? {};
      contacts.set(column.index, contact);
      if (column.part !== 'isPrimary') contact[column.part] = cell;
      else contact.isPrimary = yesOrNo(`contacts.${column.index}.isPrimary`, cell, problems);
      break;
    }
    case 'metadata': {
      metadata.push({ key: column.key, value: cell });
      break;
    }
    case 'rejection': {
      break;
    }
  }
}

function statusOf(cell: string, problems: RowProblem[]): CustomerStatus | null {
  const status = z.enum(CustomerStatus).safeParse(cell.trim().toUpperCase());
  if (status.success) return status.data;
  const message = `must be one of ${Object.values(CustomerStatus).join(', ')}`;
  problems.push({ path: 'status', message, code: 'INVALID_VALUE' });
  return null;
}

/** Spreadsheets write TRUE and FALSE. */
function yesOrNo(path: string, cell: string, problems: RowProblem[]): boolean {
  const word = cell.trim().toLowerCase();
  if (word !== 'true' && word !== 'false') {
    problems.push({ path, message: 'must be true or false', code: 'INVALID_VALUE' });
  }
  return word === 'true';
}

function columnOf(
  path: string,
  contactNumbers: readonly number[],
  metadata: readonly MetadataInput[],
): string {
  const [list, place, ...rest] = path.split('.');
  if (place === undefined) return path;
  if (list === 'metadata') return `${METADATA_PREFIX}${metadata[Number(place)]?.key}`;
  if (list === 'contacts') return ['contacts', contactNumbers[Number(place)], ...rest].join('.');
  return path;
}
