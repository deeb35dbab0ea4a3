import { emailAddress } from '../../validation/email-address.js';
import { CustomerStatus } from '../customer-status.js';
import { limits } from '../limits.js';

const yes: ReadonlySet<string> = new Set(['true', 't', 'yes', 'y', '1', 'x', 'on']);
const no: ReadonlySet<string> = new Set(['false', 'f', 'no', 'n', '0', 'off', '-']);

/** A boolean as programs and people write it, or undefined for anything else. */
export function booleanOf(cell: string): boolean | undefined {
  const word = cell.trim().toLowerCase();
  if (yes.has(word)) return true;
  return no.has(word) ? false : undefined;
}

const statuses: Partial<Record<string, CustomerStatus>> = {
  active: CustomerStatus.ACTIVE,
  enabled: CustomerStatus.ACTIVE,
  inactive: CustomerStatus.INACTIVE,
  disabled: CustomerStatus.INACTIVE,
  archived: CustomerStatus.INACTIVE,
};

/** A status by its name, or by whether the customer is active; undefined for anything else. */
export function statusOf(cell: string): CustomerStatus | undefined {
  const isActive = booleanOf(cell);
  if (isActive !== undefined) return isActive ? CustomerStatus.ACTIVE : CustomerStatus.INACTIVE;
  return statuses[cell.trim().toLowerCase()];
}

/** A host name with a dot, and after it at most a port, a path and a query. */
const withoutScheme = /^[^\s@/:?#]+\.[^\s@/:?#.]{2,}(?::\d+)?(?:[/?#]\S*)?$/u;

/** A website with a scheme, or undefined if it has one already or is none. */
export function completedWebsite(cell: string): string | undefined {
  const text = cell.trim();
  return text.length <= limits.website && withoutScheme.test(text) ? `https://${text}` : undefined;
}

/** How QuickBooks labels the numbers of a cell, as in `Phone: (650) 555-0131 Mobile: (650) 555-0132`. */
const phoneLabel = /(?:^|\s+)(?:phone|tel|telephone|mobile|cell|work|home|main|other|fax):\s*/iu;

/** In UTF-16 units. A longer cell is not searched for labels. */
const MAX_PHONES_LENGTH = 500;

/** The numbers of a cell that labels them, in their order, or undefined for a cell without labels. */
export function labeledPhones(cell: string): readonly string[] | undefined {
  if (cell.length > MAX_PHONES_LENGTH) return undefined;
  const [before, ...numbers] = cell.trim().split(phoneLabel);
  return before === '' && numbers.length > 0 ? numbers.filter((number) => number !== '') : undefined;
}

/** What can be around an address in a cell. */
const separators = /[\s,;|<>()"]+/u;

/** In UTF-16 units. A longer cell is not searched for addresses. */
const MAX_EMAILS_LENGTH = 10_000;

/** The addresses of a cell. */
export interface CellEmails {
  readonly valid: readonly string[];
  readonly invalid: readonly string[];
}

/**
 * The email addresses of a cell, which can be a list, separated by commas, semicolons, bars or white space, and have names, as in
 * `Ada <ada@acme.example>`. Words without `@` are ignored.
 */
export function emailsOf(cell: string): CellEmails {
  const text = cell.trim();
  if (text.length > MAX_EMAILS_LENGTH) return { valid: [], invalid: [] };
  // Most cells have one word, which is checked with the other fields.
  if (!separators.test(text)) return { valid: [text.replace(/^mailto:/i, '')], invalid: [] };
  if (isEmail(text)) return { valid: [text], invalid: [] };
  const words = text
    .split(separators)
    .map((word) => word.replace(/^mailto:/i, ''))
    .filter((word) => word.includes('@'));
  return { valid: words.filter((word) => isEmail(word)), invalid: words.filter((word) => !isEmail(word)) };
}

const isEmail = (text: string) => text.length <= limits.email && emailAddress(text) !== undefined;
