import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { layouts } from '../../src/customers/csv/layouts/layouts.js';
import { checkFile } from '../../src/cli/import/check-file.js';
import { migratedDatabase, query } from '../support/database.js';
import { operator, type Operator } from '../support/operator.js';
import { temporaryFolder } from '../support/process.js';

const FIXTURES = 'test/fixtures/imports';

/** A file with a product's own header line and made-up customers, and what an import without options makes of it. */
interface KnownExport {
  readonly file: string;
  readonly from: string;
  /** Where the user of the product gets the file. */
  readonly how: string;
  /** Names of the customers that come in, by email. */
  readonly stored: Readonly<Record<string, string>>;
  /** The reason for each row that does not. */
  readonly rejected: readonly string[];
  /** Field and code of each note. */
  readonly notes: readonly string[];
}

const NO_EMAIL = 'email: must not be blank (REQUIRED)';

const quickbooksList = {
  from: 'quickbooks',
  stored: {
    'ana@fernandez-foto.example': 'Fernández Fotografía',
    'buero@gruen-soehne.example': 'Grün & Söhne',
    'office@cool-cars.example': 'Cool Cars',
  },
  rejected: [NO_EMAIL, 'email: must be a valid email address (INVALID_EMAIL)'],
  notes: ['email SEVERAL_EMAILS'],
};

const knownExports: readonly KnownExport[] = [
  {
    file: 'shopify.csv',
    from: 'shopify',
    how: 'Shopify: Customers, Export, CSV for Excel or plain CSV',
    stored: {
      'teodora@brookline-bakery.example': 'Brookline Bakery',
      'jonas.weber@mail.example': 'Jonas Weber',
      'taro@yamada-shoten.example': '山田商店',
      'newsletter.reader@mail.example': 'newsletter.reader@mail.example',
      'aoife@obyrne.example': `O'Byrne "Fine" Teas, Ltd.`,
    },
    rejected: [NO_EMAIL],
    notes: [],
  },
  {
    file: 'stripe.csv',
    from: 'stripe',
    how: 'Stripe: Customers, Export, default columns',
    stored: {
      'billing@northwind-optics.example': 'Northwind Optics',
      'li.na@mail.example': '李娜',
      'guest4711@mail.example': 'guest4711@mail.example',
      'accounts@kestrel.example': '=Kestrel & Sons',
    },
    rejected: [NO_EMAIL],
    notes: [],
  },
  {
    ...quickbooksList,
    file: 'quickbooks.csv',
    how: 'QuickBooks Online: Customers, Export to Excel, saved as CSV (Windows-1252)',
  },
  {
    ...quickbooksList,
    file: 'quickbooks-unicode-text.txt',
    how: 'QuickBooks Online: the same, saved as Unicode Text (UTF-16, tabs)',
  },
  {
    file: 'quickbooks-contact-list.csv',
    from: 'quickbooks',
    how: 'QuickBooks Online: report Customer Contact List, Export to CSV',
    stored: {
      'birds@amys-sanctuary.example': 'Amy’s Bird Sanctuary',
      'diego@rodriguez.example': 'Diego Rodriguez',
    },
    rejected: [NO_EMAIL],
    notes: ['mainPhone TOO_MANY'],
  },
  {
    file: 'xero.csv',
    from: 'xero',
    how: 'Xero: Contacts, Export',
    stored: {
      'gavin@marlow.example': 'Marlow Constructions Pty Ltd',
      'elena@reyes.example': 'Elena Reyes',
      'lena@ashfield.example': 'Ashfield Trust',
      'info@omega.example': 'Ωμέγα Εμπορική',
    },
    rejected: [NO_EMAIL],
    notes: ['website COMPLETED', 'website INVALID_URL'],
  },
  {
    file: 'hubspot.csv',
    from: 'hubspot',
    how: 'HubSpot: Contacts, Export, CSV',
    stored: {
      'g.perrin@fromagerie-perrin.example': 'Fromagerie Perrin',
      'CLAIRE@durand.example': 'Claire Durand',
      'lead@anonymous.example': 'lead@anonymous.example',
      'orlov@severny.example': 'Северный Ветер',
    },
    rejected: [NO_EMAIL],
    notes: ['website COMPLETED'],
  },
  {
    file: 'zoho.csv',
    from: 'zoho',
    how: 'Zoho Books: Customers, Export Customers, CSV',
    stored: {
      'accounts@umbrella-retail.example': 'Umbrella Retail',
      'krishna@enterprises.example': 'कृष्णा एंटरप्राइजेज',
      'ravi@kumar.example': 'Ravi Kumar',
    },
    rejected: [NO_EMAIL],
    notes: [],
  },
  {
    file: 'wave.csv',
    from: 'wave',
    how: 'Wave: Settings, Data export, Customers',
    stored: {
      'hello@lakeside.example': 'Lakeside Studio Ltd.',
      'elodie@atelier.example': 'Atelier Élodie',
    },
    rejected: [NO_EMAIL],
    notes: ['website COMPLETED', 'email SEVERAL_EMAILS'],
  },
  {
    file: 'invoice-ninja.csv',
    from: 'invoice-ninja',
    how: 'Invoice Ninja: Reports, Client, CSV',
    stored: {
      'facturen@tulp-zonen.example': 'Tulp & Zonen B.V.',
      'freelancer@mail.example': 'Miloš Novák',
    },
    rejected: [NO_EMAIL],
    notes: [],
  },
];

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let databaseUrl: string;
let admin: Operator;
beforeAll(async () => {
  folder = await temporaryFolder();
  databaseUrl = await migratedDatabase();
  admin = operator({ DATABASE_URL: databaseUrl });
});
afterAll(() => folder.remove());

/** The cells of a file that an import wrote, by the names of its columns. */
async function records(path: string, delimiter = ','): Promise<Record<string, string>[]> {
  return parse(await readFile(path), { bom: true, columns: true, delimiter, relax_column_count: true });
}

test.each(knownExports)('$file comes in as it is', async ({ file, stored, rejected, notes }) => {
  const { teamId } = await admin.ask('team', 'create', file);
  const place = join(folder.path, teamId);
  await mkdir(place);
  const source = join(place, file);
  await copyFile(join(FIXTURES, file), source);

  const { code, stdout } = await admin.run('import', source, '--team', teamId, '--json');
  const summary = JSON.parse(stdout);
  expect([code, summary]).toMatchObject([
    1,
    { created: Object.keys(stored).length, rejected: rejected.length, notes: notes.length },
  ]);
  const found = await query<{ email: string; name: string }>(
    databaseUrl,
    'select email, name from customer where team_id = $1',
    [teamId],
  );
  expect(Object.fromEntries(found.map(({ email, name }) => [email, name]))).toEqual(stored);
  const delimiter = file.endsWith('.txt') ? '\t' : ',';
  expect((await records(summary.rejectedFile, delimiter)).map(({ problems }) => problems)).toEqual(rejected);
  const noted = summary.notesFile === null ? [] : await records(summary.notesFile);
  expect(noted.map(({ field, code: why }) => `${field} ${why}`)).toEqual(notes);
});

test.each(knownExports)('$file is recognized as of $from, and by no other layout', async ({ file, from }) => {
  const options = { maps: [], others: 'ignore' } as const;
  const { plan, header } = await checkFile(join(FIXTURES, file), { columns: options });
  expect(plan.layout?.name).toBe(from);
  const names = new Set(header.map((name) => name.trim()));
  const others = layouts.filter(
    ({ name, signatures }) =>
      name !== from && signatures.some((signature) => signature.every((column) => names.has(column))),
  );
  expect(others.map(({ name }) => name)).toEqual([]);
});

test('an export of companies of HubSpot, which has no emails, is refused with the way to name a column', async () => {
  const source = join(folder.path, 'companies.csv');
  await writeFile(source, 'Record ID,Company name,Company owner,Website URL\n1,Acme,Sam,acme.example\n');
  const { teamId } = await admin.ask('team', 'create', 'Companies');
  expect(await admin.run('import', source, '--team', teamId)).toMatchObject({
    code: 2,
    stderr:
      'Missing column `email`.\nName the column of the file with --map "COLUMN=email": Record ID; Company name; Company owner; Website URL.\n',
  });
});

test('every known layout has a fixture, and every fixture a test', async () => {
  expect(new Set(knownExports.map(({ from }) => from))).toEqual(new Set(layouts.map(({ name }) => name)));
  expect((await readdir(FIXTURES)).toSorted()).toEqual(knownExports.map(({ file }) => file).toSorted());
});

test('docs/import.md has the table of these files', async () => {
  const lines = knownExports.map(({ from, how, stored, rejected }) => {
    const rows = Object.keys(stored).length + rejected.length;
    const noEmail = rejected.filter((reason) => reason === NO_EMAIL).length;
    const reasons = [`${noEmail} without an email`];
    if (rejected.length > noEmail) reasons.push(`${rejected.length - noEmail} with an invalid email`);
    return [how, `\`${from}\``, `${Object.keys(stored).length} of ${rows}`, reasons.join(', ')];
  });
  const header = ['export', '`--from`', 'rows in without editing', 'rows that are rejected'];
  const table = markdownTable([header, ...lines]);
  expect(await readFile('docs/import.md', 'utf8')).toContain(table);
});

/** A table as Prettier writes it. */
function markdownTable([header = [], ...lines]: readonly (readonly string[])[]): string {
  const widths = header.map((_, column) =>
    Math.max(...[header, ...lines].map((line) => line[column]?.length ?? 0)),
  );
  const row = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [row(header), row(widths.map((width) => '-'.repeat(width))), ...lines.map(row)].join('\n');
}
