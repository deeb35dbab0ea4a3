import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text as streamText } from 'node:stream/consumers';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkFile, type CheckedFile, type ReadOptions } from '../../src/cli/import/check-file.js';
import { describeReading } from '../../src/cli/import/describe-reading.js';
import { encodingOf } from '../../src/cli/import/file-encoding.js';
import { readRows } from '../../src/cli/import/file-rows.js';
import { quoteTextFormulas } from '../../src/cli/import/text-formulas.js';
import { readRow } from '../../src/customers/csv/read-row.js';
import { cellsOf, headerOf } from '../../src/customers/csv/write-row.js';
import { anyCustomer } from '../support/any-customer.js';
import { temporaryFolder } from '../support/process.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let path: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  path = join(folder.path, 'customers.csv');
});
afterAll(() => folder.remove());

const defaults: ReadOptions = { columns: { maps: [], others: 'ignore' } };

/** The cells of the rows of a file. */
async function rowsOf(file: CheckedFile): Promise<(readonly string[])[]> {
  const rows: (readonly string[])[] = [];
  for await (const { cells } of readRows(path, file)) rows.push(cells);
  return rows;
}

/** How a file is read, its rows, and what is printed. */
async function read(content: string | Buffer, options: ReadOptions = defaults) {
  await writeFile(path, content);
  const file = await checkFile(path, options);
  return { file, rows: await rowsOf(file), told: describeReading(file, options) };
}

/** In Windows-1252, whose characters are those of ISO-8859-1 but for the euro and some punctuation. */
const western = (text: string) =>
  Buffer.from(Array.from(text, (character) => (character === '€' ? 0x80 : (character.codePointAt(0) ?? 0))));

/** UTF-16, little or big endian. */
const wide = (text: string, isBig: boolean) =>
  isBig ? Buffer.from(text, 'utf16le').swap16() : Buffer.from(text, 'utf16le');

test('a file that an export wrote is read back unchanged with every detection', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyCustomer, { minLength: 1, maxLength: 3 }),
      fc.constantFrom(',', ';', '\t', '|'),
      fc.boolean(),
      async (customers, delimiter, forSpreadsheets) => {
        const widths = {
          contacts: Math.max(...customers.map(({ contacts }) => contacts.length)),
          metadataKeys: [...new Set(customers.flatMap(({ metadata }) => metadata.map(({ key }) => key)))],
        };
        const cells = customers.map((customer) => cellsOf(customer, widths, forSpreadsheets));
        const { file, rows } = await read(
          stringify([headerOf(widths), ...cells], { delimiter, bom: forSpreadsheets }),
        );
        expect([file.encoding, file.delimiter, file.plan.isOwn]).toEqual(['utf-8', delimiter, true]);
        expect(rows.map((row) => readRow(file.plan, row))).toEqual(
          customers.map(
            ({ uuid: _uuid, version: _version, createdAt: _createdAt, updatedAt: _updatedAt, ...draft }) => ({
              draft: { ...draft, contacts: draft.contacts.map(({ uuid: _contact, ...person }) => person) },
              hasStatus: true,
              notes: [],
            }),
          ),
        );
      },
    ),
    { numRuns: 40 },
  );
});

describe('the encoding', () => {
  test('of any valid UTF-8 is UTF-8', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc
          .string({ unit: 'binary', maxLength: 60 })
          .filter((text) => text.isWellFormed() && !text.includes('\0')),
        async (text) => {
          await writeFile(path, `customer,email\n${text}\n`);
          expect(await encodingOf(path, undefined)).toEqual({ encoding: 'utf-8', hasBom: false });
        },
      ),
    );
  });

  test.each([
    ['utf-8', '\u{feff}customer,email\n名前,a@x.example\n', (text: string) => Buffer.from(text)],
    ['utf-16le', '\u{feff}customer,email\n名前,a@x.example\n', (text: string) => wide(text, false)],
    ['utf-16be', '\u{feff}customer,email\n名前,a@x.example\n', (text: string) => wide(text, true)],
    ['utf-16le', 'customer,email\n名前,a@x.example\n', (text: string) => wide(text, false)],
    ['utf-16be', 'customer,email\n名前,a@x.example\n', (text: string) => wide(text, true)],
    ['windows-1252', 'customer,email\nZoë €,a@x.example\n', western],
    ['windows-1252', 'customer,email\rZoë €,a@x.example\r', western],
  ])('is detected: %s', async (encoding, text, encode) => {
    const { file, rows } = await read(encode(text));
    expect(file.encoding).toBe(encoding);
    expect(rows).toEqual([[text.includes('Zoë') ? 'Zoë €' : '名前', 'a@x.example']]);
  });

  test('that is a guess is said with an example', async () => {
    const { told } = await read(western('customer,email\nA,a@x.example\nZoë,z@x.example\n'));
    expect(told).toEqual([
      'Encoding: windows-1252, as in "Zoë,z@x.example". If that looks wrong, give the right one with --encoding.',
    ]);
  });

  test('that is given is used, though another would be detected', async () => {
    const cyrillic = Buffer.from([0xc8, 0xe2, 0xe0, 0xed]);
    const file = Buffer.concat([Buffer.from('customer,email\n'), cyrillic, Buffer.from(',a@x.example\n')]);
    const { rows, told } = await read(file, { ...defaults, encoding: 'windows-1251' });
    expect([rows, told]).toEqual([[['Иван', 'a@x.example']], []]);
  });

  test('of a long file is detected in pieces, with characters across their ends', async () => {
    const name = `${'é'.repeat(1_000)}x`;
    const { rows, file } = await read(`customer,email\n${`${name},a@x.example\n`.repeat(200)}`);
    expect(file.encoding).toBe('utf-8');
    expect(rows).toHaveLength(200);
    expect(new Set(rows.map(([first]) => first))).toEqual(new Set([name]));
    const long = await read(wide(`customer,email\n${`${name},a@x.example\n`.repeat(200)}`, false));
    expect(long.rows).toEqual(rows);
  });

  test('without line ends has a bound', async () => {
    await expect(read(`customer,email,${'x'.repeat(1_100_000)}`)).rejects.toThrow('exceeds 1048576 bytes');
  });

  test('of a file that is not text is refused', async () => {
    const zeros = Buffer.from('customer,email\n\0\0\0\0');
    await expect(read(zeros)).rejects.toThrow('The file has zero bytes, so it is not text.');
  });
});

describe('the delimiter', () => {
  test.each([
    [';', 'Kunde;Firma, Ort, Land, Tel;E-Mail\nA;B, C, D, E;a@x.example\n'],
    ['\t', 'Kunde\tFirma, Ort, Land, Tel\tE-Mail\nA\tB, C, D, E\ta@x.example\n'],
    ['|', 'Kunde|Firma, Ort, Land, Tel|E-Mail\nA|B, C, D, E|a@x.example\n'],
  ])('is that with which the header has the most known names: %j', async (delimiter, content) => {
    const columns = { maps: [{ columns: 'Kunde', field: 'customer' }], others: 'ignore' } as const;
    const { file, rows } = await read(content, { columns });
    expect([file.delimiter, rows]).toEqual([delimiter, [['A', 'B, C, D, E', 'a@x.example']]]);
  });

  test('is that of a line `sep=`, which is no title', async () => {
    const { file, rows, told } = await read('sep=^\r\ncustomer^email^notes\r\nA^a@x.example^1,2;3\r\n');
    expect([file.delimiter, rows]).toEqual(['^', [['A', 'a@x.example', '1,2;3']]]);
    expect(told).toEqual(['Delimiter: ^.']);
  });

  test('that is given is used, though another would be detected', async () => {
    const options = { ...defaults, delimiter: ';' };
    await expect(read('customer,email\nA,a@x.example\n', options)).rejects.toThrow(
      'Missing column `customer`.',
    );
  });
});

describe('lines before and after the rows', () => {
  test('that are titles are skipped if a header follows, and said', async () => {
    const titles = 'Acme Ltd,,\nCustomer List,,\n"All dates,\nall customers",,\n\n';
    const { file, rows, told } = await read(`${titles}Customer,Email,Phone\nA,a@x.example,1\n`);
    expect([file.line, rows]).toEqual([6, [['A', 'a@x.example', '1']]]);
    expect(told[0]).toBe(
      'Header on line 6. Skipped before it: "Acme Ltd", "Customer List", "All dates,\\u000aall customers".',
    );
  });

  test('are titles within a bound', async () => {
    const header = 'customer,email\nA,a@x.example\n';
    expect((await read(`${'Title,\n'.repeat(20)}${header}`)).rows).toHaveLength(1);
    await expect(read(`${'Title,\n'.repeat(21)}${header}`)).rejects.toThrow('Missing column `customer`.');
  });

  test('that end a report are skipped and said; before a row they are broken rows', async () => {
    const start = 'Report,\ncustomer,phone,email\nA,1,a@x.example\n';
    const { rows, told } = await read(`${start}\nMonday 9:14\n`);
    expect(rows).toEqual([['A', '1', 'a@x.example']]);
    expect(told).toContain('Skipped after the last row: "Monday 9:14".');
    await expect(read(`${start}Monday 9:14\nB,2,b@x.example\n`)).rejects.toThrow(
      'Line 4 has 1 cells; the header has 3 columns.',
    );
    await expect(read(`${start}${'Monday\n'.repeat(6)}`)).rejects.toThrow('Line 4 has 1 cells');
    await expect(read('customer,email\nA,a@x.example\nB\n')).rejects.toThrow('Line 3 has 1 cells');
  });
});

describe('cells', () => {
  test('after the last column are ignored if they are blank, also in the header', async () => {
    const { file, rows } = await read(
      'customer,email,,\nA,a@x.example,,\nB,b@x.example\nC,c@x.example,,, ,\n',
    );
    expect(file.header).toEqual(['customer', 'email']);
    expect(rows).toEqual([
      ['A', 'a@x.example'],
      ['B', 'b@x.example'],
      ['C', 'c@x.example'],
    ]);
    await expect(read('customer,email,,\nSmith, John,a@x.example,\n')).rejects.toThrow(
      'Line 2 has 4 cells; the header has 2 columns.',
    );
  });

  test('that a row lacks at its end are blank if they are optional', async () => {
    const { rows } = await read('customer,email,notes,phone\nA,a@x.example\n');
    expect(rows).toEqual([['A', 'a@x.example', '', '']]);
    await expect(read('notes,customer,phone,email\nx,A,1\n')).rejects.toThrow(
      'Line 2 has 3 cells; the header has 4 columns.',
    );
  });
});

describe('cells such as `="0123"` without quotes', () => {
  test('are read as their text, beside other cells', async () => {
    const { file, rows } = await read(
      'Customer,Email,Notes,Tax ID\n="00,1",a@x.example,"a ""b""\nc",="007"\n=A,b@x.example,,"=""x"""\n',
    );
    expect(file.hasTextFormulas).toBe(true);
    expect(rows).toEqual([
      ['="00,1"', 'a@x.example', 'a "b"\nc', '="007"'],
      ['=A', 'b@x.example', '', '="x"'],
    ]);
    expect(readRow(file.plan, rows[0] ?? [])).toMatchObject({
      draft: { customer: '00,1', taxNumber: '007' },
    });
  });

  test('do not hide a quote in another cell', async () => {
    await expect(read('Customer,Email\n="1",a@x.example\nB "b",b@x.example\n')).rejects.toThrow(
      'Line 2: a quote inside an unquoted cell.',
    );
  });

  test('are quoted, and every other byte stays, wherever the text is cut', async () => {
    const cell = fc.oneof(
      fc.string({ unit: fc.constantFrom('=', '"', ',', '\n', 'é', 'x'), maxLength: 6 }),
      fc.constant('=é'),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 5 }),
        async (rows, size) => {
          const text = Buffer.from(stringify(rows));
          async function* chunks() {
            for (let from = 0; from < text.length; from += size) yield text.subarray(from, from + size);
          }
          expect(await streamText(quoteTextFormulas(chunks(), ','))).toBe(text.toString());
        },
      ),
    );
  });
});
