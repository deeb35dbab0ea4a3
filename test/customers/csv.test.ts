import { describe, expect, test } from 'vitest';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { planColumns } from '../../src/customers/csv/column-plan.js';
import { readRow } from '../../src/customers/csv/read-row.js';
import { escapeCell, unescapeCell } from '../../src/customers/csv/spreadsheet-cell.js';
import { cellsOf, headerOf } from '../../src/customers/csv/write-row.js';
import { anyCustomer } from '../support/any-customer.js';

/** Reads a row of a file with these columns. */
function read(header: string[], cells: string[]) {
  const { plan, problems } = planColumns(header, { maps: [], others: 'refuse' });
  expect(problems).toEqual([]);
  return readRow(plan, cells);
}

test('CSV that was written is read back unchanged, for any text', () => {
  fc.assert(
    fc.property(
      fc.array(anyCustomer, { minLength: 1, maxLength: 4 }),
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
