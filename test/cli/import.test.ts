import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { query } from '../support/database.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { CUSTOMER } from '../support/operations.js';
import { operator, type Operator, SMALL_HEAP } from '../support/operator.js';
import { type Partner } from '../support/partner.js';
import { CLI, run, temporaryFolder } from '../support/process.js';
import { describeWith } from '../support/programs.js';
import { lockTable } from '../support/table-lock.js';

let gateway: TestGateway;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let admin: Operator;
beforeAll(async () => {
  gateway = await startTestGateway({}, 64);
  folder = await temporaryFolder();
  admin = operator({
    NODE_ENV: 'production',
    DATABASE_URL: gateway.databaseUrl,
    SECRETS_KEY: gateway.secretsKey.toString('base64'),
  });
});
afterAll(async () => {
  await gateway.close();
  await folder.remove();
});

let partner: Partner;
let place: string;
let places = 0;
beforeEach(async () => {
  partner = gateway.nextPartner();
  places += 1;
  place = join(folder.path, String(places));
  await mkdir(place);
});

/** The summary of an import of no rows. */
const NOTHING = {
  created: 0,
  updated: 0,
  unchanged: 0,
  rejected: 0,
  rejectedFile: null,
  reasons: [],
  otherReasons: 0,
  notes: 0,
  notesFile: null,
};

/** A file of a test's own folder. */
async function file(content: string | Buffer, name = 'customers.csv'): Promise<string> {
  const path = join(place, name);
  await writeFile(path, content);
  return path;
}

const importFile = (path: string, ...options: string[]) =>
  admin.run('import', path, '--team', partner.teamId, '--json', ...options);

/** Imports a file none of whose rows is rejected. */
async function imported(path: string, ...options: string[]) {
  const { code, stdout, stderr } = await importFile(path, ...options);
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

/** The customer with this email, as the gateway answers the partner. */
async function found(email: string, asked: Partner = partner) {
  const text = `query ($email: String!) { customerByEmail(email: $email) ${CUSTOMER} }`;
  return (await asked.send(text, { email })).json.data.customerByEmail;
}

describe('`import` creates the customers of a file', () => {
  test('with all that a customer can have', async () => {
    const path = await file(
      [
        'email,customer,mainPhone,website,status,externalId,notes,taxNumber,paymentTerm,billingAddress.street,billingAddress.city,billingAddress.state,billingAddress.zipCode,billingAddress.country,shippingAddress.country,contacts.0.firstName,contacts.0.email,contacts.2.lastName,contacts.2.phone,contacts.2.isPrimary,metadata.tier,metadata.a.b',
        'ada@acme.example,Acme,+1 555,https://acme.example,inactive,A-1,"two\nlines",DE1,Net 30,Main St 1,Town,TX,12345,US,DE,Ada,ada@x.example,Byron,+44,TRUE,gold,"x, ""y"""',
        'only@acme.example,Only what must be there,,,,,,,,,,,,,,,,,,,,',
      ].join('\n'),
    );
    expect(await imported(path)).toEqual({ ...NOTHING, created: 2 });
    expect(await found('ada@acme.example')).toMatchObject({
      customer: 'Acme',
      mainPhone: '+1 555',
      website: 'https://acme.example',
      status: 'INACTIVE',
      externalId: 'A-1',
      notes: 'two\nlines',
      taxNumber: 'DE1',
      paymentTerm: 'Net 30',
      billingAddress: { street: 'Main St 1', city: 'Town', state: 'TX', zipCode: '12345', country: 'US' },
      shippingAddress: { street: null, city: null, state: null, zipCode: null, country: 'DE' },
      contacts: [
        { firstName: 'Ada', lastName: null, email: 'ada@x.example', phone: null, isPrimary: false },
        { firstName: null, lastName: 'Byron', email: null, phone: '+44', isPrimary: true },
      ],
      metadata: [
        { key: 'a.b', value: 'x, "y"' },
        { key: 'tier', value: 'gold' },
      ],
    });
    expect(await found('only@acme.example')).toMatchObject({
      status: 'ACTIVE',
      mainPhone: null,
      billingAddress: null,
      contacts: [],
      metadata: [],
    });
    expect(await readdir(place)).toEqual(['customers.csv']);
  });

  test.each([
    ['a byte order mark and CRLF', '\u{feff}customer,email,notes\r\nZoë,a@x.example,"Two\r\nlines"\r\n', []],
    [
      'blank lines and rows of nothing',
      '\ncustomer,email,notes\n\n , ,\n\nZoë,a@x.example,"Two\nlines"\n,,\n',
      [],
    ],
    ['semicolons', 'customer;email;notes\nZoë;a@x.example;"Two\nlines"', ['--delimiter', ';']],
    ['tabs', 'customer\temail\tnotes\nZoë\ta@x.example\t"Two\nlines"', ['--delimiter', 'tab']],
  ])('that has %s', async (_case, content, options) => {
    expect(await imported(await file(content), ...options)).toMatchObject({ created: 1, rejected: 0 });
    const { customer, notes } = await found('a@x.example');
    expect([customer, notes.replace('\r', '')]).toEqual(['Zoë', 'Two\nlines']);
  });

  test('for people, and for one team only', async () => {
    const other = gateway.nextPartner();
    const path = await file('customer,email\nAcme,a@x.example\n');
    const forOther = await admin.run('import', path, '--team', other.teamId);
    expect(forOther).toEqual({ code: 0, stdout: 'created    1\nrejected   0\n', stderr: '' });
    expect(await found('a@x.example')).toBeNull();

    expect(await imported(path)).toMatchObject({ created: 1 });
    const mine = await found('a@x.example');
    const theirs = await found('a@x.example', other);
    expect(mine.uuid).not.toBe(theirs.uuid);
    expect(theirs.version).toBe(1);
  });
});

describe('rows that are rejected', () => {
  test('are written with their line and problems, can be mended there and imported', async () => {
    const path = await file(
      [
        '\u{feff}customer,email,status,contacts.1.email,contacts.3.isPrimary,contacts.3.phone,metadata.note',
        'Good,good@x.example,,,,,',
        'Two,no mail,asleep,neither,maybe,1,"Two\r\nlines"',
        'Taken,GOOD@x.example,,,,,"=1+1; ""x"""',
        '',
      ].join('\r\n'),
    );
    const { code, stdout, stderr } = await importFile(path);
    const rejectedFile = join(place, 'customers.rejected.csv');
    expect([code, JSON.parse(stdout)]).toEqual([
      1,
      {
        ...NOTHING,
        created: 1,
        rejected: 2,
        rejectedFile,
        reasons: [
          { path: 'status', code: 'INVALID_VALUE', rows: 1 },
          { path: 'contacts.3.isPrimary', code: 'INVALID_VALUE', rows: 1 },
          { path: 'email', code: 'INVALID_EMAIL', rows: 1 },
          { path: 'contacts.1.email', code: 'INVALID_EMAIL', rows: 1 },
          { path: 'email', code: 'EMAIL_EXISTS', rows: 1 },
        ],
      },
    ]);
    expect(stderr).toContain('Correct them');
    const rejected = await readFile(rejectedFile, 'utf8');
    expect(rejected).toBe(
      [
        '\u{feff}customer,email,status,contacts.1.email,contacts.3.isPrimary,contacts.3.phone,metadata.note,line,problems',
        'Two,no mail,asleep,neither,maybe,1,"Two\r\nlines",3,"status: must be one of ACTIVE, INACTIVE (INVALID_VALUE); contacts.3.isPrimary: must be true or false (INVALID_VALUE); email: must be a valid email address (INVALID_EMAIL); contacts.1.email: must be a valid email address (INVALID_EMAIL)"',
        'Taken,GOOD@x.example,,,,,"=1+1; ""x""",5,email: A customer with this email already exists. (EMAIL_EXISTS)',
        '',
      ].join('\n'),
    );

    await writeFile(
      rejectedFile,
      rejected
        .replace('no mail,asleep,neither,maybe', 'two@x.example,ACTIVE,c@x.example,true')
        .replace('GOOD@', 'free@'),
    );
    expect(await imported(rejectedFile)).toMatchObject({ created: 2, rejected: 0 });
    expect(await found('free@x.example')).toMatchObject({
      metadata: [{ key: 'note', value: '=1+1; "x"' }],
    });
    expect((await found('two@x.example')).contacts).toHaveLength(2);
  });

  test('of the import before are kept, and do not block the next import', async () => {
    const path = await file('customer,email\nAcme,first\n');
    expect((await importFile(path)).code).toBe(1);
    const rejected = join(place, 'customers.rejected.csv');
    await writeFile(rejected, 'customer,email\nAcme,corrected@x.example\n');

    await file('customer,email\nAcme,second\n');
    expect(await importFile(path)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('"rejected": 1'),
    });
    expect(await readFile(rejected, 'utf8')).toContain('Acme,second,2,');
    const previous = join(place, 'customers.rejected.previous.csv');
    expect(await imported(previous)).toMatchObject({ created: 1 });
    expect(await found('corrected@x.example')).toMatchObject({ customer: 'Acme' });

    await file('customer,email\nAcme,third@x.example\n');
    expect(await imported(path)).toMatchObject({ created: 1, rejectedFile: null });
    expect(await readFile(previous, 'utf8')).toContain('Acme,second,2,');
  });

  test('are counted by reason, for people too, with a bound on the number of reasons', async () => {
    const keys = Array.from({ length: 25 }, (_, index) => `metadata.${index}`);
    const long = 'x'.repeat(501);
    const path = await file(
      `customer,email,${keys.join(',')}\nA,none,${keys.map(() => '').join(',')}\nB,b@x.example,${keys.map(() => long).join(',')}\nC,none,${keys.map(() => '').join(',')}\n`,
    );
    const { code, stdout } = await admin.run('import', path, '--team', partner.teamId, '--strict');
    const rejectedFile = join(place, 'customers.rejected.csv');
    const counted = keys.slice(0, 19).map((key) => `  1  ${key} (TOO_LONG)`);
    expect([code, stdout.split('\n')]).toEqual([
      1,
      [
        'created    0',
        `rejected   3  (${rejectedFile})`,
        '  2  email (INVALID_EMAIL)',
        ...counted,
        '  6  other reasons',
        '',
      ],
    ]);
  });
});

describe('`import --dry-run`', () => {
  /** What a dry run says, and that it leaves nothing behind. */
  async function dryRun(path: string, ...options: string[]) {
    const before = (await readdir(place)).toSorted();
    const { code, stdout } = await importFile(path, '--dry-run', ...options);
    expect((await readdir(place)).toSorted()).toEqual(before);
    return { code, ...JSON.parse(stdout) };
  }

  test('says what would happen to each row, by the rules and the customers that there are', async () => {
    expect(await imported(await file('customer,email\nAcme,taken@x.example\n', 'first.csv'))).toMatchObject({
      created: 1,
    });
    const path = await file(
      [
        'Firm;E-mail;Web;Colour',
        'New;new@x.example;new.example;red',
        'Taken;TAKEN@x.example;;',
        'Twice;NEW@x.example;;',
        'No email;;;',
        'Bad website;ok@x.example;not a website;',
      ].join('\n'),
    );
    expect(await dryRun(path, '--map', 'Firm=customer')).toMatchObject({
      code: 1,
      rows: 5,
      created: 2,
      rejected: 3,
      reasons: [
        { path: 'email', code: 'EMAIL_EXISTS', rows: 2, lines: [3, 4] },
        { path: 'email', code: 'REQUIRED', rows: 1, lines: [5] },
      ],
      notes: 2,
      noteReasons: [
        { path: 'website', code: 'COMPLETED', rows: 1, lines: [2] },
        { path: 'website', code: 'INVALID_URL', rows: 1, lines: [6] },
      ],
      delimiter: ';',
      fields: { customer: [['Firm']], email: [['E-mail']], website: [['Web']] },
      ignoredColumns: ['Colour'],
    });
    expect(await found('new@x.example')).toBeNull();
  });

  test('says what --upsert would do', async () => {
    const path = await file('customer,email,notes\nA,a@x.example,1\nB,b@x.example,1\n');
    expect(await imported(path)).toMatchObject({ created: 2 });
    await file('customer,email,notes\nA,a@x.example,2\nB,b@x.example,1\nC,c@x.example,1\nC,C@x.example,2\n');
    expect(await dryRun(path, '--upsert', 'email')).toMatchObject({
      code: 0,
      created: 1,
      updated: 2,
      unchanged: 1,
      rejected: 0,
    });
    expect(await found('a@x.example')).toMatchObject({ notes: '1', version: 1 });
  });

  test('says the same as the import for people', async () => {
    const path = await file('customer,email\nAcme,a@x.example\nNo email,\n');
    const { code, stdout } = await admin.run('import', path, '--team', partner.teamId, '--dry-run');
    expect([code, stdout.split('\n')]).toEqual([
      1,
      [
        'rows             2',
        'would create     1',
        'would reject     1',
        '  1  email (REQUIRED), line 3',
        'Nothing was stored.',
        '',
      ],
    ]);
  });
});

describe('`import` does not follow links in place of its own files', () => {
  const names = [
    'customers.progress.json',
    'customers.rejected.csv',
    'customers.rejected.previous.csv',
    'customers.notes.csv',
  ];
  const kinds: [string, (victim: string, path: string) => Promise<unknown>][] = [
    ['a symbolic link', (victim, path) => symlink(victim, path)],
    ['a symbolic link to nothing', (victim, path) => symlink(`${victim}.new`, path)],
    ['a folder', (_victim, path) => mkdir(path)],
    ['a pipe', (_victim, path) => run('mkfifo', [path])],
  ];

  test.each(names.flatMap((name) => kinds.map(([kind, make]) => ({ name, kind, make }))))(
    '$kind as $name',
    async ({ name, make }) => {
      const path = await file('customer,email\nAcme,bad\n');
      const victim = await file('precious', 'victim');
      await make(victim, join(place, name));
      expect(await importFile(path)).toEqual({
        code: 2,
        stdout: '',
        stderr: `${join(place, name)} is not a regular file. Remove it, or use a folder that only you can write to.\n`,
      });
      expect(await readFile(victim, 'utf8')).toBe('precious');
      expect((await readdir(place)).toSorted()).toEqual(['customers.csv', name, 'victim']);
    },
  );

  test('a symbolic link that takes the place of the rejected rows while an import is stopped', async () => {
    const path = await file('customer,email\nAcme,bad\n');
    const victim = await file('precious', 'victim');
    expect((await importFile(path)).code).toBe(1);
    const rejected = join(place, 'customers.rejected.csv');
    const bytes = (await stat(rejected)).size;
    await rm(rejected);
    await symlink(victim, rejected);
    const fingerprint = createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
    const progress = {
      importId: randomUUID(),
      startedAt: 0,
      fingerprint,
      delimiter: ',',
      teamId: partner.teamId,
      rows: 1,
      created: 0,
      rejected: 1,
      rejectedBytes: bytes,
    };
    await file(JSON.stringify(progress), 'customers.progress.json');
    expect(await importFile(path)).toMatchObject({ code: 2, stderr: expect.stringContaining(rejected) });
    expect(await readFile(victim, 'utf8')).toBe('precious');
  });
});

describe('`import` stores nothing of a file', () => {
  /** What it says of a file that it refuses. */
  async function refusal(content: string | Buffer, ...options: string[]): Promise<string[]> {
    const { code, stdout, stderr } = await importFile(await file(content), ...options);
    expect([code, stdout]).toEqual([2, '']);
    expect(await readdir(place)).toEqual(['customers.csv']);
    return stderr.trim().split('\n');
  }

  test('whose columns or rows are not right, and names all of it at once', async () => {
    const content =
      'customer,Emial,contacts.50.email,customer,metadata.,,metadata.a,metadata.a \nA,"b\nc",\nA,b,c,d,e,f,g,h,i\n';
    expect(await refusal(content, '--others', 'refuse')).toEqual([
      'Unknown column `Emial`.',
      'Unknown column `contacts.50.email`.',
      'Unknown column `metadata.`.',
      'Column 6 has no name.',
      'Duplicate column `customer` (columns 1 and 4).',
      'Duplicate column `metadata.a` (columns 7 and 8).',
      'Missing column `email`.',
      'Name the column of the file with --map "COLUMN=email": customer; Emial; contacts.50.email; customer; metadata.; metadata.a; metadata.a.',
      'Line 2 has 3 cells; the header has 8 columns.',
      'Line 4 has 9 cells; the header has 8 columns.',
    ]);
  });

  test.each([
    ['a quote that is not closed', 'A,a@x.example\nB,"b@x.example\nC,c@x.example\n', 'Line 3: '],
    [
      'a quote inside a cell',
      'A,a@x.example\nB "b",b@x.example\n',
      'Line 3: a quote inside an unquoted cell',
    ],
    [
      'text behind a quote',
      '"A\r\nB",a@x.example\n"B"b,b@x.example\n',
      'Line 4: text after the closing quote',
    ],
  ])('that has %s, and says on which line', async (_case, rows, message) => {
    expect(await refusal(`customer,email\n${rows}`)).toEqual([expect.stringContaining(message)]);
    expect(await found('a@x.example')).toBeNull();
  });

  test('whose quote would take all that follows into one cell', async () => {
    // More than the 1 MiB that a record may have.
    const rows = `${'A'.repeat(1_000)},a@x.example\n`.repeat(1_050);
    const [message] = await refusal(`customer,email\nA,"a@x.example\n${rows}`);
    expect(message).toContain('Line 2: the record that begins here exceeds 1048576 bytes');
  });

  test('that is UTF-8 in some lines and not in others', async () => {
    const lines = [
      Buffer.from('customer,email\nZoë,a@x.example\n'),
      Buffer.from('Zoë,b@x.example\n', 'latin1'),
    ];
    expect(await refusal(Buffer.concat(lines))).toEqual([
      'Line 3 is not valid UTF-8. Save the file as CSV in UTF-8.',
    ]);
  });

  test('that is UTF-8 by its byte order mark, and is not far behind', async () => {
    // A file is read in pieces of 64 kB; this is in the third.
    const rows = 'A,a@x.example\n'.repeat(10_000);
    const lines = [
      Buffer.from(`\u{feff}customer,email\n${rows}`),
      Buffer.from('Zoë,b@x.example\n', 'latin1'),
    ];
    expect(await refusal(Buffer.concat(lines))).toEqual([
      'Line 10002 is not valid UTF-8. Save the file as CSV in UTF-8.',
    ]);
  });

  test('that ends inside a character', async () => {
    const half = Buffer.from('customer,email\nA,a@x.example\nZoë').subarray(0, -1);
    expect(await refusal(half)).toEqual([expect.stringContaining('Line 3 is not valid UTF-8')]);
  });

  test('in Cyrillic of an old encoding, which could be any of several', async () => {
    const [customer, email] = [Buffer.from([0xc8, 0xe2, 0xe0, 0xed]), Buffer.from(',a@x.example\n')];
    expect(await refusal(Buffer.concat([Buffer.from('customer,email\n'), customer, email]))).toEqual([
      expect.stringContaining('Line 2 is neither UTF-8 nor Windows-1252.'),
    ]);
  });

  test('that is empty', async () => {
    expect(await refusal('')).toEqual([expect.stringContaining('is empty')]);
  });

  test('for a team that is not there', async () => {
    const id = crypto.randomUUID();
    const path = await file('customer,email\nA,a@x.example\n');
    const { code, stderr } = await admin.run('import', path, '--team', id);
    expect([code, stderr]).toEqual([1, `Team ${id} does not exist.\n`]);
    expect(await readdir(place)).toEqual(['customers.csv']);
  });

  test('that is not there, or with a delimiter that is none', async () => {
    expect(await importFile(join(place, 'absent.csv'))).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^Cannot read \S*absent\.csv: /),
    });
    expect(await importFile(await file('a'), '--delimiter', '""')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('one character'),
    });
  });
});

describeWith('script')('on a terminal', () => {
  test('`import` writes how far it is over one line', async () => {
    const rows = Array.from({ length: 250 }, (_, row) => `Customer ${row},${row}@x.example\n`);
    const path = await file(`customer,email\n${rows.join('')}`);
    const command = `"$node" ${CLI} import "$file" --team "$team"`;
    const lock = await lockTable(gateway.databaseUrl);
    const finished = run('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
      DATABASE_URL: gateway.databaseUrl,
      node: process.execPath,
      file: path,
      team: partner.teamId,
    });
    // The line is written at most every 100 ms, so the first batch of 100 rows takes longer than that.
    await lock.waitedForBy(1);
    await sleep(150);
    await lock.release();
    const { stdout } = await finished;
    expect(stdout).toMatch(/\r\[#*\.*\] \d+ of 250 rows, \d+ %/);
    expect(stdout).toContain('\r\u001B[Kcreated    250\r\n');
  });
});

test('`import` takes a file that is larger than its memory', async () => {
  // The file has 25 MB. An import that keeps what it reads can do with its heap up to some 18.
  const rows = 5_000;
  const notes = 'n'.repeat(5_000);
  const content = Array.from({ length: rows }, (_, row) => `Customer ${row},${row}@x.example,${notes}\n`);
  const path = await file(`customer,email,notes\n${content.join('')}`);
  const small = operator({ DATABASE_URL: gateway.databaseUrl, NODE_OPTIONS: SMALL_HEAP });
  const { code, stdout } = await small.start('import', path, '--team', partner.teamId).finished;
  expect([code, stdout]).toEqual([0, `created    ${rows}\nrejected   0\n`]);
  const stored = await query(gateway.databaseUrl, 'select count(*)::int from customer where team_id = $1', [
    partner.teamId,
  ]);
  expect(stored).toEqual([{ count: rows }]);
}, 300_000);
