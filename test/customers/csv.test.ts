import { describe, expect, test } from 'vitest';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { planColumns } from '../../src/customers/csv/column-plan.js';
import { readRow } from '../../src/customers/csv/read-row.js';
import { escapeCell, unescapeCell } from '../../src/customers/csv/spreadsheet-cell.js';
import { cellsOf, headerOf } from '../../src/customers/csv/write-row.js';
import { CustomerStatus } from '../../src/customers/customer-status.js';
import { type CustomerType } from '../../src/customers/customer.type.js';
import { identifier, lines, requiredText } from '../../src/validation/text-rules.js';

/** Reads a row of a file with these columns. */
function read(header: string[], cells: string[]) {
  const checked = planColumns(header, { maps: [], others: 'refuse' });
  if ('problems' in checked) throw new Error(checked.problems.join('\n'));
  return readRow(checked.plan, cells);
}

/** What text in a customer can be: what is special to CSV and spreadsheets, and anything else, but as rules leave it. */
const storedText = (maxLength: number, rule?: typeof lines) =>
  fc
    .string({
      unit: fc.oneof(
        fc.constantFrom('"', ',', ';', '\r', '\n', '\t', '=', '+', '1', "'", '\u{feff}'),
        fc.string({ unit: 'binary', maxLength: 1 }),
      ),
      minLength: 1,
      maxLength,
    })
    .map((text) => requiredText(maxLength, rule).safeParse(text).data)
    .filter((text) => text !== undefined);

const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });

const address = fc
  .record({
    street: optional(storedText(20)),
    city: optional(storedText(20)),
    state: optional(storedText(20)),
    zipCode: optional(storedText(20)),
    country: optional(storedText(20)),
  })
  .map((parts) => (Object.values(parts).some((part) => part !== null) ? parts : null));

const contact = fc.record({
  uuid: fc.uuid(),
  firstName: storedText(20),
  lastName: optional(storedText(20)),
  email: optional(fc.constant('"a,b"@x.example')),
  phone: optional(storedText(20, identifier)),
  isPrimary: fc.constant(false),
});

const customer: fc.Arbitrary<CustomerType> = fc.record({
  uuid: fc.uuid(),
  customer: storedText(50),
  email: fc.constant('"quoted, =1+1"@x.example'),
  mainPhone: optional(storedText(20, identifier)),
  website: optional(fc.constant('https://x.example/?a=1,2;"3"')),
  status: fc.constantFrom(...Object.values(CustomerStatus)),
  externalId: optional(storedText(20, identifier)),
  notes: optional(storedText(100, lines)),
  taxNumber: optional(storedText(20, identifier)),
  paymentTerm: optional(storedText(20)),
  metadata: fc
    .uniqueArray(fc.record({ key: storedText(20, identifier), value: storedText(20, lines) }), {
      selector: ({ key }) => key,
      maxLength: 5,
    })
    .map((pairs) => pairs.toSorted((a, b) => (a.key < b.key ? -1 : 1))),
  billingAddress: address,
  shippingAddress: address,
  contacts: fc
    .array(contact, { maxLength: 4 })
    .map((people) => people.map((person, index) => ({ ...person, isPrimary: index === 2 }))),
  version: fc.constant(1),
  createdAt: fc.constant(new Date(0)),
  updatedAt: fc.constant(new Date(0)),
});

test('CSV that was written is read back unchanged, for any text', () => {
  fc.assert(
    fc.property(
      fc.array(customer, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(',', ';', '\t'),
      fc.boolean(),
      (customers, delimiter, forSpreadsheets) => {
        const widths = {
          contacts: Math.max(...customers.map(({ contacts }) => contacts.length)),
          metadataKeys: [...new Set(customers.flatMap(({ metadata }) => metadata.map(({ key }) => key)))],
        };
        const text = stringify(
          [headerOf(widths), ...customers.map((each) => cellsOf(each, widths, forSpreadsheets))],
          {
            delimiter,
          },
        );
        const [header = [], ...rows] = parse(text, { delimiter, record_delimiter: ['\r\n', '\n', '\r'] });
        const drafts = rows.map((cells) => read(header, cells));
        expect(drafts).toEqual(
          customers.map(
            ({ uuid: _uuid, version: _version, createdAt: _createdAt, updatedAt: _updatedAt, ...rest }) => ({
              draft: { ...rest, contacts: rest.contacts.map(({ uuid: _contact, ...person }) => person) },
              hasStatus: true,
              notes: [],
            }),
          ),
        );
      },
    ),
  );
});

describe('the problems of a row', () => {
  test('name the columns of the file, though contacts and pairs before them are absent', () => {
    const header = ['customer', 'email', 'contacts.2.email', 'contacts.7.email', 'metadata.a', 'metadata.b'];
    const long = 'x'.repeat(501);
    expect(read(header, ['', 'a@x.example', '', 'nobody', '', long])).toEqual({
      problems: [
        { path: 'customer', code: 'REQUIRED', message: 'must not be blank' },
        { path: 'metadata.b', code: 'TOO_LONG', message: 'must have at most 500 characters' },
        { path: 'contacts.7.email', code: 'INVALID_EMAIL', message: 'must be a valid email address' },
      ],
    });
  });

  test('are of the list when there are too many pairs for one customer', () => {
    const keys = Array.from({ length: 51 }, (_, index) => `metadata.${index}`);
    const row = read(['customer', 'email', ...keys], ['A', 'a@x.example', ...keys]);
    expect(row).toEqual({
      problems: [{ path: 'metadata', code: 'TOO_MANY', message: 'must have at most 50 items' }],
    });
  });
});

test('contacts are in the order of their numbers, for any order of the columns', () => {
  const header = ['contacts.10.phone', 'contacts.9.phone', 'customer', 'email'];
  expect(read(header, ['10', '9', 'A', 'a@x.example'])).toMatchObject({
    draft: { contacts: [{ phone: '9' }, { phone: '10' }] },
  });
});

describe('a cell', () => {
  const cells = fc.string({ unit: fc.constantFrom("'", '=', '+', '-', '@', '\uFF1D', '0', '9', 'a', ' ') });

  test('that was escaped is read back unchanged, and is no formula for a spreadsheet', () => {
    fc.assert(
      fc.property(cells, (cell) => {
        const escaped = escapeCell(cell, true);
        expect(escaped).not.toMatch(/^[=+\-@\uFF1D]/);
        expect(unescapeCell(escaped)).toBe(cell);
        expect(unescapeCell(escapeCell(cell, false))).toBe(cell);
      }),
    );
  });

  test.each([
    ["'=1+1", '=1+1'],
    ["'+1 555", '+1 555'],
    ["'-1", '-1'],
    ["'@x", '@x'],
    ["'00123", '00123'],
    ["''=1", "'=1"],
    ["O'Neil", "O'Neil"],
    ["'s-Hertogenbosch", "'s-Hertogenbosch"],
    ["''", "''"],
    ['=1+1', '=1+1'],
  ])('%s of a spreadsheet is %s', (cell, text) => {
    expect(unescapeCell(cell)).toBe(text);
  });

  test('is written as it is stored without the option, unless an import would change it', () => {
    expect(['=1', '+1', "'s", "'=1", "'1"].map((cell) => escapeCell(cell, false))).toEqual([
      '=1',
      '+1',
      "'s",
      "''=1",
      "''1",
    ]);
  });
});
