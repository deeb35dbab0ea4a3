import { describe, expect, test } from 'vitest';
import { planColumns } from '../../src/customers/csv/column-plan.js';
import { readRow, type RowRules } from '../../src/customers/csv/read-row.js';
import { FieldErrorCode } from '../../src/validation/field-error-code.js';
import { CustomerStatus } from '../../src/customers/customer-status.js';

/** Reads a row of a file with these columns beside those of the name and the email. */
function read(cells: Readonly<Record<string, string>>, rules: RowRules = {}) {
  const row: Record<string, string> = { 'Customer Name': 'Acme', Email: 'a@x.example', ...cells };
  const { plan, problems } = planColumns(Object.keys(row), { maps: [], others: 'refuse' });
  expect(problems).toEqual([]);
  return readRow(plan, Object.values(row), rules);
}

const noted = (path: string, code: string) => expect.objectContaining({ path, code });

describe('a value of a file is stored without what only the file needs', () => {
  test.each([
    ["'+1 555", '+1 555'],
    ["'0123", '0123'],
    ['="00123"', '00123'],
    ["''5", "'5"],
    ["O'Byrne", "O'Byrne"],
    ["'t Hart", "'t Hart"],
  ])('%s as %s', (cell, notes) => {
    expect(read({ Notes: cell })).toMatchObject({ draft: { notes }, notes: [] });
  });

  test('an address line 2 joins the street, and line breaks in it become commas', () => {
    expect(read({ Street: '1 Main St\r\nBuilding B', 'Address 2': ' Unit 4 ' })).toMatchObject({
      draft: { billingAddress: { street: '1 Main St, Building B, Unit 4' } },
    });
    expect(read({ Street: '', 'Address 2': 'Unit 4' })).toMatchObject({
      draft: { billingAddress: { street: 'Unit 4' } },
    });
  });

  test.each([
    ['yes', true],
    ['Y', true],
    ['1', true],
    ['x', true],
    ['TRUE', true],
    ['no', false],
    ['0', false],
    ['F', false],
  ])('the boolean %s', (cell, isPrimary) => {
    expect(read({ 'contacts.0.phone': '1', 'contacts.0.isPrimary': cell })).toMatchObject({
      draft: { contacts: [{ isPrimary }] },
      notes: [],
    });
  });

  test.each([
    ['active', CustomerStatus.ACTIVE],
    ['Inactive', CustomerStatus.INACTIVE],
    ['no', CustomerStatus.INACTIVE],
    ['archived', CustomerStatus.INACTIVE],
  ])('the status %s', (cell, status) => {
    expect(read({ Status: cell })).toMatchObject({ draft: { status }, hasStatus: true, notes: [] });
  });
});

// Work that grows with the square of a cell's length takes minutes for a cell that fills a record.
test.each(['Street', 'Phone', 'Website', 'Notes', 'First Name', 'Status', 'contacts.0.email'])(
  'a long cell of %s costs linear time',
  (column) => {
    const cell = `a${' '.repeat(1_000_000)}b`;
    const row = read({ [column]: cell });
    expect('draft' in row && row.notes.length).toBeGreaterThan(0);
  },
);

describe('a website', () => {
  test.each(['acme.example', 'www.acme.example/path?a=1', 'acme.example:8080'])(
    'without a scheme gets one: %s',
    (cell) => {
      expect(read({ Website: cell })).toMatchObject({
        draft: { website: `https://${cell}` },
        notes: [noted('website', 'COMPLETED')],
      });
    },
  );

  test.each(['n/a', 'none', 'a@acme.example', 'ftp://acme.example', 'acme .example'])(
    'that is none is left out: %s',
    (cell) => {
      expect(read({ Website: cell })).toMatchObject({
        draft: { website: null },
        notes: [{ path: 'website', code: 'INVALID_URL', value: cell }],
      });
    },
  );
});

describe('several email addresses in a cell', () => {
  test.each(['a@x.example; b@x.example', 'A <a@x.example>, b@x.example', 'a@x.example|mailto:b@x.example'])(
    'are the customer’s first, then contacts: %s',
    (cell) => {
      expect(read({ Email: cell, 'First Name': 'Ada' })).toMatchObject({
        draft: {
          email: 'a@x.example',
          contacts: [
            { firstName: 'Ada', email: null, isPrimary: true },
            { firstName: null, email: 'b@x.example', isPrimary: false },
          ],
        },
        notes: [noted('email', 'SEVERAL_EMAILS')],
      });
    },
  );

  test('are not added twice, and not beyond the number of contacts', () => {
    const emails = Array.from({ length: 60 }, (_, index) => `${index}@x.example`);
    const row = read({ Email: ['A@x.example', 'a@x.example', ...emails].join(' ') });
    if (!('draft' in row)) throw new Error('The row is not valid');
    expect(row.draft.contacts).toHaveLength(50);
    expect(row.notes.filter(({ code }) => code === FieldErrorCode.TOO_MANY)).toHaveLength(10);
  });

  test('of which none is valid reject the row', () => {
    expect(read({ Email: 'a@, b@' })).toMatchObject({ problems: [{ path: 'email', code: 'INVALID_EMAIL' }] });
  });
});

describe('an optional field that is not valid', () => {
  const cells = {
    Zip: 'x'.repeat(21),
    Website: 'none',
    Status: 'sleepy',
    'contacts.0.email': 'nobody',
    'contacts.1.email': 'nobody',
    'contacts.1.phone': '1',
    'metadata.a': 'x'.repeat(501),
    'metadata.b': 'kept',
  };

  test('is left out with a note, and so is a contact without anything else', () => {
    expect(read(cells)).toEqual({
      draft: expect.objectContaining({
        website: null,
        status: 'ACTIVE',
        billingAddress: null,
        metadata: [{ key: 'b', value: 'kept' }],
        contacts: [expect.objectContaining({ email: null, phone: '1' })],
      }),
      hasStatus: false,
      notes: [
        noted('status', 'INVALID_VALUE'),
        noted('website', 'INVALID_URL'),
        noted('metadata.a', 'TOO_LONG'),
        noted('billingAddress.zipCode', 'TOO_LONG'),
        noted('contacts.0.email', 'INVALID_EMAIL'),
        noted('contacts.1.email', 'INVALID_EMAIL'),
        noted('contacts.0', 'REQUIRED'),
      ],
    });
  });

  test('rejects the row with --strict', () => {
    expect(read(cells, { isStrict: true })).toMatchObject({
      problems: [noted('status', 'INVALID_VALUE'), noted('website', 'INVALID_URL'), {}, {}, {}, {}],
    });
    expect(read({ Status: 'sleepy' }, { isStrict: true })).toEqual({
      problems: [{ path: 'status', code: 'INVALID_VALUE', message: 'must be one of ACTIVE, INACTIVE' }],
    });
  });

  test.each([
    ['Customer Name', 'x'.repeat(256), 'customer'],
    ['Customer ID', 'x'.repeat(256), 'externalId'],
  ])('is not left out if the customer is known by it: %s', (column, cell, path) => {
    expect(read({ [column]: cell })).toMatchObject({ problems: [{ path, code: 'TOO_LONG' }] });
  });
});
