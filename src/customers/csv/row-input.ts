import { FieldErrorCode } from '../../validation/field-error-code.js';
import { type CreateCustomerInput } from '../create/create-customer.input.js';
import { type CustomerStatus } from '../customer-status.js';
import { type ContactInput, type MetadataInput } from '../customer.input.js';
import { limits } from '../limits.js';
import { fieldText } from './cell-text.js';
import { booleanOf, completedWebsite, emailsOf, labeledPhones, statusOf } from './cell-values.js';
import { type ColumnPlan, type PlannedField } from './column-plan.js';
import { type RowNote } from './row-note.js';

/** A row while it is read. Blank cells are absent, and so are contacts with only blank cells. */
export interface RowInput {
  readonly input: CreateCustomerInput;
  readonly notes: RowNote[];
  /** By the number in the columns' names. */
  readonly contacts: Map<number, ContactInput>;
  readonly metadata: MetadataInput[];
}

/** Reads the cells of a row. The values are not checked. */
export function readCells(plan: ColumnPlan, cells: readonly string[]): RowInput {
  const row: RowInput = { input: { customer: '', email: '' }, notes: [], contacts: new Map(), metadata: [] };
  const moreEmails: string[] = [];
  for (const field of plan.fields) {
    const text = fieldText(plan, field, cells);
    if (text !== undefined) fill(row, field, text, moreEmails);
  }
  const first = row.contacts.get(0);
  if (first && plan.firstIsPrimary) first.isPrimary = true;
  addContacts(row, moreEmails);
  return row;
}

function fill(row: RowInput, { name, column }: PlannedField, text: string, moreEmails: string[]): void {
  switch (column.kind) {
    case 'text': {
      const { property } = column;
      if (property === 'status') row.input.status = statusIn(row, text);
      else if (property === 'email') row.input.email = oneEmail(row, name, text, moreEmails);
      else if (property === 'website') row.input.website = websiteIn(row, text);
      else if (property === 'mainPhone') row.input.mainPhone = phoneIn(row, text);
      else row.input[property] = text;
      break;
    }
    case 'address': {
      (row.input[column.address] ??= {})[column.part] = text;
      break;
    }
    case 'contact': {
      const contact = row.contacts.get(column.index) ?? {};
      row.contacts.set(column.index, contact);
      if (column.part === 'isPrimary') contact.isPrimary = primaryIn(row, name, text);
      else contact[column.part] = column.part === 'email' ? oneEmail(row, name, text, moreEmails) : text;
      break;
    }
    case 'metadata': {
      row.metadata.push({ key: column.key, value: text });
      break;
    }
  }
}

function statusIn({ notes }: RowInput, value: string): CustomerStatus | null {
  const status = statusOf(value);
  if (status !== undefined) return status;
  notes.push({ path: 'status', code: 'INVALID_VALUE', message: 'must be one of ACTIVE, INACTIVE', value });
  return null;
}

function primaryIn({ notes }: RowInput, path: string, value: string): boolean {
  const isPrimary = booleanOf(value);
  if (isPrimary === undefined) {
    notes.push({ path, code: 'INVALID_VALUE', message: 'must be true or false', value });
  }
  return isPrimary ?? false;
}

function websiteIn({ notes }: RowInput, value: string): string {
  const completed = completedWebsite(value);
  if (completed === undefined) return value;
  notes.push({ path: 'website', code: 'COMPLETED', message: `read as ${completed}`, value });
  return completed;
}

function phoneIn({ notes }: RowInput, value: string): string {
  const [first = value, ...others] = labeledPhones(value) ?? [];
  if (others.length > 0) {
    notes.push({
      path: 'mainPhone',
      code: FieldErrorCode.TOO_MANY,
      message: 'only the first is stored',
      value,
    });
  }
  return first;
}

/** The first valid address of a cell. The others become contacts. A cell without a valid address is left as it is. */
function oneEmail({ notes }: RowInput, path: string, value: string, moreEmails: string[]): string {
  const { valid, invalid } = emailsOf(value);
  const [first, ...others] = valid;
  if (first === undefined) return value;
  moreEmails.push(...others);
  if (others.length > 0) {
    notes.push({
      path,
      code: 'SEVERAL_EMAILS',
      message: 'the first is used, the others become contacts',
      value,
    });
  }
  if (invalid.length > 0) {
    notes.push({
      path,
      code: FieldErrorCode.INVALID_EMAIL,
      message: `not valid: ${invalid.join(' ')}`,
      value,
    });
  }
  return first;
}

/** Adds contacts for further addresses, up to the number of contacts that a customer can have. */
function addContacts({ input, contacts, notes }: RowInput, emails: readonly string[]): void {
  const known = new Set(
    [input.email, ...[...contacts.values()].map(({ email }) => email ?? '')].map(lowerCase),
  );
  let next = Math.max(-1, ...contacts.keys()) + 1;
  for (const email of emails) {
    if (known.has(lowerCase(email))) continue;
    known.add(lowerCase(email));
    if (contacts.size === limits.contacts) {
      notes.push({
        path: 'contacts',
        code: FieldErrorCode.TOO_MANY,
        message: `must have at most ${limits.contacts} items`,
        value: email,
      });
      continue;
    }
    contacts.set(next, { email });
    next += 1;
  }
}

const lowerCase = (text: string) => text.toLowerCase();
