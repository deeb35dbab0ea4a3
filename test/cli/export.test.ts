import { lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Dam, startDam } from '../support/dam.js';
import { query } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { CREATE_CUSTOMERS, CUSTOMER, DELETE_CUSTOMER, readCustomer } from '../support/operations.js';
import { operator, type Operator, SMALL_HEAP } from '../support/operator.js';
import { type Partner } from '../support/partner.js';
import { CLI, run, temporaryFolder } from '../support/process.js';

let gateway: TestGateway;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let admin: Operator;
beforeAll(async () => {
  gateway = await startTestGateway({}, 22);
  folder = await temporaryFolder();
  admin = operator({ DATABASE_URL: gateway.databaseUrl });
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

async function create(inputs: unknown[], creator: Partner = partner) {
  const { json } = await creator.send(CREATE_CUSTOMERS, { inputs });
  const { results, successCount } = json.data.createCustomers;
  expect(successCount).toBe(inputs.length);
  return results.map(({ data }: { data: unknown }) => data);
}

/** A team's customers, the oldest first, without what no file brings back. */
async function customersOf(asked: Partner) {
  const text = `{ customersConnection(first: 100, orderBy: { field: CREATED_AT }) { nodes ${CUSTOMER} } }`;
  const { nodes } = (await asked.send(text)).json.data.customersConnection;
  return nodes.map(
    ({
      uuid: _uuid,
      createdAt: _createdAt,
      updatedAt: _updatedAt,
      contacts,
      ...rest
    }: Record<string, { uuid: string }[]>) => ({
      ...rest,
      contacts: contacts?.map(({ uuid: _contact, ...contact }) => contact),
    }),
  );
}

/** Puts many customers into the partner's team. */
const fill = (rows: number, notes: string) =>
  query(
    gateway.databaseUrl,
    `insert into customer (id, team_id, name, email, email_key, name_key, search_text, notes)
     select gen_random_uuid(), $1, 'Customer ' || n, n || '@x.example', n || '@x.example', '', '', $3 from generate_series(1, $2::int) as n`,
    [partner.teamId, rows, notes],
  );

/** Line breaks may stand in notes and metadata alone. */
const hostile = [
  '=HYPERLINK("http://x.example","y")',
  '+1 (555) 1,2;3',
  '-1 \' "" ,',
  '@SUM(A1)',
  'a\r\nb\nc\rd',
  '\u{feff}Zoë Ωmega 🎉 עברית',
  ',',
  '"',
  "'=1",
  "''0123",
  "'s-Hertogenbosch",
];

describe('`export`', () => {
  test.each([[[]], [['--for-spreadsheets']]])(
    'writes what `import` reads back unchanged, for any text %j',
    async (options) => {
      await create(
        hostile.map((lines, index) => {
          const text = lines.replaceAll(/[\r\n]+/g, ' ');
          return {
            customer: text,
            email: `${index}@x.example`,
            mainPhone: text,
            website: 'https://x.example/?q="a,b"',
            status: index % 2 === 0 ? 'ACTIVE' : 'INACTIVE',
            externalId: text,
            notes: `${lines}\n${lines}`,
            taxNumber: text,
            paymentTerm: text,
            metadata: [
              { key: text, value: lines },
              { key: `${index}`, value: lines },
            ],
            billingAddress: { street: text, zipCode: '1' },
            shippingAddress: index % 2 === 0 ? { city: text, state: text, country: text } : null,
            contacts: Array.from({ length: index % 3 }, (_, place_) => ({
              firstName: text,
              lastName: place_ === 0 ? null : text,
              isPrimary: place_ === 1,
            })),
          };
        }),
      );
      const file = join(place, 'all.csv');
      expect(await admin.run('export', '--team', partner.teamId, file, ...options)).toEqual({
        code: 0,
        stdout: '',
        stderr: `Exported ${hostile.length} customers.\n`,
      });

      const other = gateway.nextPartner();
      expect(await admin.ask('import', file, '--team', other.teamId)).toMatchObject({ rejected: 0 });
      expect(await customersOf(other)).toEqual(await customersOf(partner));
      const again = await admin.run('export', '--team', other.teamId, ...options);
      expect(again.stdout).toBe(await readFile(file, 'utf8'));
    },
  );

  test('writes to stdout what is of the team and not deleted, with the columns that it needs', async () => {
    const [, deleted] = await create([
      {
        customer: 'Stays',
        email: 'stays@x.example',
        contacts: [{ phone: '1' }],
        metadata: [{ key: 'k', value: 'v' }],
      },
      {
        customer: 'Goes',
        email: 'goes@x.example',
        contacts: [{ phone: '1' }, { phone: '2' }],
        metadata: [{ key: 'gone', value: 'v' }],
      },
    ]);
    await partner.send(DELETE_CUSTOMER, { uuid: deleted.uuid });
    await create([{ customer: 'Not ours', email: 'other@x.example' }], gateway.nextPartner());
    const { stdout } = await admin.run('export', '--team', partner.teamId, '--delimiter', ';');
    const [header, ...rows] = stdout.trimEnd().split('\n');
    expect(header?.split(';').slice(-6)).toEqual([
      'contacts.0.firstName',
      'contacts.0.lastName',
      'contacts.0.email',
      'contacts.0.phone',
      'contacts.0.isPrimary',
      'metadata.k',
    ]);
    expect(rows).toEqual(['Stays;stays@x.example;;;ACTIVE;;;;;;;;;;;;;;;;;;1;false;v']);
  });

  test('writes a customer a line as the API answers it, with --json', async () => {
    const created = await create([
      { customer: 'A', email: 'a@x.example', notes: 'A\nB' },
      { customer: 'C', email: 'c@x.example', contacts: [{ phone: '1' }] },
    ]);
    const { stdout } = await admin.run('export', '--team', partner.teamId, '--json');
    const lines = stdout.trimEnd().split('\n');
    // Those of one bulk have no order among them.
    expect(new Set(lines.map((line) => JSON.parse(line)))).toEqual(new Set(created));
  });

  test('keeps spreadsheets from running cells, with the option', async () => {
    await create([{ customer: '=1+1', email: 'a@x.example', mainPhone: '+1', notes: '-1\n@x' }]);
    const { stdout } = await admin.run('export', '--team', partner.teamId, '--for-spreadsheets');
    expect(stdout).toContain("\n'=1+1,a@x.example,'+1,,ACTIVE,,\"'-1\n@x\",");
    // By which Excel knows that the file is in UTF-8.
    expect(stdout).toMatch(/^\u{feff}customer,/u);
  });

  test('writes what `import --upsert` finds unchanged in the same team', async () => {
    const [before] = await create([
      {
        customer: '=1+1',
        email: 'a@x.example',
        mainPhone: '+1',
        status: 'INACTIVE',
        metadata: [{ key: 'k', value: "'1" }],
        contacts: [{ firstName: 'Ada' }, { phone: '1', isPrimary: true }],
      },
    ]);
    const file = join(place, 'all.csv');
    await admin.run('export', '--team', partner.teamId, file, '--for-spreadsheets');
    const summary = await admin.ask('import', file, '--team', partner.teamId, '--upsert', 'email');
    expect(summary).toMatchObject({ created: 0, updated: 0, unchanged: 1, rejected: 0 });
    expect(await readCustomer(partner, before.uuid)).toEqual(before);
  });

  test('of a team without customers has the columns of one', async () => {
    const { code, stdout, stderr } = await admin.run('export', '--team', partner.teamId);
    expect([code, stderr]).toEqual([0, 'Exported 0 customers.\n']);
    expect(stdout).toMatch(/^customer,email,.*shippingAddress\.country\n$/);
  });

  test('says that a team is not there', async () => {
    const id = crypto.randomUUID();
    const { code, stderr } = await admin.run('export', '--team', id, join(place, 'none.csv'));
    expect([code, stderr]).toEqual([1, `Team ${id} does not exist.\n`]);
    expect(await readdir(place)).toEqual([]);
  });

  test('says that there are too many keys of metadata for columns, and writes them as JSON', async () => {
    await query(
      gateway.databaseUrl,
      `insert into customer (id, team_id, name, email, email_key, name_key, search_text, metadata)
       select gen_random_uuid(), $1, 'A', n || '@x.example', n || '@x.example', '', '', jsonb_build_object('key ' || n, 'v')
       from generate_series(1, 1001) as n`,
      [partner.teamId],
    );
    const { code, stdout, stderr } = await admin.run('export', '--team', partner.teamId);
    expect([code, stdout, stderr]).toEqual([
      1,
      '',
      expect.stringContaining('more than 1000 different metadata keys'),
    ]);
    expect((await admin.run('export', '--team', partner.teamId, '--json')).code).toBe(0);
  });

  test.each([
    ['a symbolic link', (path: string) => symlink(join(place, 'victim'), path)],
    ['a folder', (path: string) => mkdir(path)],
    ['a pipe', (path: string) => run('mkfifo', [path])],
  ])('does not write to %s, nor in its place', async (_kind, make) => {
    const path = join(place, 'all.csv');
    await make(path);
    const before = (await lstat(path)).ino;
    const { code, stdout, stderr } = await admin.run('export', '--team', partner.teamId, path);
    expect([code, stdout, stderr]).toEqual([
      2,
      '',
      `${path} is not a regular file. Remove it, or use a folder that only you can write to.\n`,
    ]);
    expect((await lstat(path)).ino).toBe(before);
    expect(await readdir(place)).toEqual(['all.csv']);
  });

  test('writes more than it has memory for', async () => {
    // They have 35 MB. An export that keeps what it writes can do with its heap up to some 25.
    const rows = 7_000;
    await fill(rows, 'n'.repeat(5_000));
    const small = operator({ DATABASE_URL: gateway.databaseUrl, NODE_OPTIONS: SMALL_HEAP });
    const file = join(place, 'all.csv');
    const { code, stderr } = await small.start('export', '--team', partner.teamId, file).finished;
    expect([code, stderr]).toEqual([0, `Exported ${rows} customers.\n`]);
    const { stdout } = await run('wc', ['-l', file]);
    expect(stdout).toBe(`${rows + 1} ${file}\n`);
  }, 120_000);

  test('ends quietly when its reader is gone', async () => {
    // 300 kB, and a pipe holds 64.
    await fill(300, 'n'.repeat(1_000));
    const command = `"$node" ${CLI} export --team "$team" | head -1 | wc -l`;
    const variables = { DATABASE_URL: gateway.databaseUrl, node: process.execPath, team: partner.teamId };
    expect(await run('sh', ['-c', command], variables)).toEqual({ code: 0, stdout: '1\n', stderr: '' });
  });
});

describe('a file that `export` writes', () => {
  let dam: Dam;
  beforeEach(async () => {
    // Six pages of 110 kB: the second or third is held back, so an export is under way until it is let go on.
    await fill(600, 'n'.repeat(1_000));
    dam = await startDam(gateway.databaseUrl, 200_000);
  });
  afterEach(() => dam.close());

  const command = (file: string) => ['export', '--team', partner.teamId, file];
  const parts = async () => (await readdir(place)).filter((name) => name.endsWith('.part'));
  /** Something is written, so the moment whose customers it has is past. */
  const isUnderWay = async () => {
    const [part] = await parts();
    return part !== undefined && (await stat(join(place, part))).size > 0;
  };

  test.each([
    ['SIGTERM', /^Stopped after \d+ customers\.\n$/, 0],
    ['SIGKILL', /^$/, 1],
  ] as const)('is the one before until it is whole: %s', async (signal, words, left) => {
    const file = join(place, 'all.csv');
    await writeFile(file, 'before');
    const { child, finished } = operator({ DATABASE_URL: dam.url }).start(...command(file));
    await eventually('it is under way', isUnderWay);
    child.kill(signal);
    dam.release();
    expect((await finished).stderr).toMatch(words);
    expect(await readFile(file, 'utf8')).toBe('before');
    expect(await parts()).toHaveLength(left);

    expect((await admin.run(...command(file))).code).toBe(0);
    expect(await readFile(file, 'utf8')).toMatch(/^customer,email/);
  });

  test('has the customers of one moment', async () => {
    const file = join(place, 'all.csv');
    const finished = operator({ DATABASE_URL: dam.url }).run(...command(file));
    await eventually('it is under way', isUnderWay);
    await query(gateway.databaseUrl, `update customer set name = 'Later' where team_id = $1`, [
      partner.teamId,
    ]);
    dam.release();
    expect((await finished).code).toBe(0);
    expect(await readFile(file, 'utf8')).not.toContain('Later');
  });
});
