import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runCommand } from '../../src/cli/run-command.js';
import { migratedDatabase, query } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { operator, type Operator } from '../support/operator.js';
import { environment, temporaryFolder } from '../support/process.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let variables: Record<string, string>;
let admin: Operator;
beforeAll(async () => {
  folder = await temporaryFolder();
  variables = { DATABASE_URL: await migratedDatabase() };
  admin = operator(variables);
});
afterAll(() => folder.remove());

let teamId: string;
let place: string;
beforeEach(async () => {
  ({ teamId } = await admin.ask('team', 'create', 'Columns'));
  place = join(folder.path, teamId);
  await mkdir(place);
});

async function file(content: string, name = 'customers.csv'): Promise<string> {
  await writeFile(join(place, name), content);
  return join(place, name);
}

const importFile = (path: string, ...options: string[]) =>
  admin.run('import', path, '--team', teamId, '--json', ...options);

/** The customers of the team, by email. */
async function stored() {
  const rows = await query<{ email: string; name: string; website: string | null; metadata: unknown }>(
    variables['DATABASE_URL'] ?? '',
    'select email, name, website, metadata from customer where team_id = $1 order by email',
    [teamId],
  );
  return rows;
}

describe('`import`', () => {
  test('says which columns it reads and which it ignores, and nothing of a file of its own columns', async () => {
    const { stderr } = await importFile(
      await file('Firm;E-mail;Colour\nAcme;a@x.example;red\n'),
      '--map',
      'firm=customer',
    );
    expect(stderr.split('\n')).toEqual([
      'Delimiter: semicolon.',
      'Fields and the columns that fill them:',
      '  email     E-mail',
      '  customer  Firm',
      'Ignored columns: Colour.',
      '',
    ]);
    const own = await importFile(await file('customer,email\nAcme,b@x.example\n', 'own.csv'));
    expect(own.stderr).toBe('');
  });

  test('puts other columns into the metadata with --others metadata', async () => {
    const path = await file('Customer,Email,Colour,Empty\nAcme,a@x.example,red,\n');
    expect(await importFile(path, '--others', 'metadata')).toMatchObject({ code: 0 });
    expect(await stored()).toMatchObject([{ name: 'Acme', metadata: { Colour: 'red' } }]);
  });

  test('reads a mapping from a file', async () => {
    const path = await file('Kunde,Vorname,Nachname,Mail\n,Ada,Byron,a@x.example\nAcme,Bob,B,b@x.example\n');
    const fields = { customer: [['Kunde'], ['Vorname', 'Nachname']], email: [['Mail']] };
    const mapping = await file(JSON.stringify({ version: 1, fields, ignore: [] }), 'mapping.json');
    expect(await importFile(path, '--mapping', mapping)).toMatchObject({ code: 0 });
    expect(await stored()).toMatchObject([{ name: 'Ada Byron' }, { name: 'Acme' }]);
  });

  test('refuses options that are not valid, before anything is stored', async () => {
    const path = await file('Customer,Email\nAcme,a@x.example\n');
    const mapping = await file('{"version":2,"fields":{"customer":[]},"more":1}', 'mapping.json');
    const refused = async (...options: string[]) => {
      const { code, stderr } = await importFile(path, ...options);
      expect([code, await stored()]).toEqual([2, []]);
      return stderr;
    };
    expect(await refused('--map', 'Customer')).toBe(
      '--map "Customer": must be of the form "Their Header=field"\n',
    );
    expect(await refused('--map', 'Firm=customer')).toBe('The file has no column `Firm`.\n');
    expect(await refused('--mapping', mapping)).toContain('mapping.json is not a mapping:\nversion: ');
    expect(await refused('--mapping', join(place, 'none.json'))).toMatch(/^Cannot read \S*none\.json: /);
    expect(await refused('--from', 'xero', '--mapping', mapping)).toContain('exclude each other');
    expect(await refused('--from', 'lotus')).toContain('Allowed choices are shopify, stripe, quickbooks');
    expect(await refused('--encoding', 'klingon')).toContain('unknown encoding');
    expect(await refused('--interactive')).toBe('--interactive needs a terminal. Use --map or --mapping.\n');
    await writeFile(mapping, ' '.repeat(262_145));
    expect(await refused('--mapping', mapping)).toContain('it exceeds 262144 bytes');
  });

  test('rejects rows in the columns of the product, which import again when they are corrected', async () => {
    const header = 'Record ID,First Name,Last Name,Email,Contact owner,Website URL';
    const path = await file(
      `Contacts,,,,,\n${header}\n1,Ada,Byron,,Sam,acme.example\n2,Bob,B,b@x.example,Sam,none\n`,
    );
    expect(await importFile(path)).toMatchObject({ code: 1 });
    const rejected = join(place, 'customers.rejected.csv');
    expect(await readFile(rejected, 'utf8')).toBe(
      `${header},line,problems\n1,Ada,Byron,,Sam,acme.example,3,email: must not be blank (REQUIRED)\n`,
    );
    expect(await readFile(join(place, 'customers.notes.csv'), 'utf8')).toBe(
      '\u{feff}line,field,note,code,value\n4,website,must be an http or https URL,INVALID_URL,none\n',
    );

    await writeFile(rejected, (await readFile(rejected, 'utf8')).replace('Byron,,', 'Byron,a@x.example,'));
    const again = await importFile(rejected);
    expect(again.stderr).toContain('Layout: HubSpot contacts, recognized by its columns.');
    expect([again.code, await stored()]).toMatchObject([
      0,
      [
        { email: 'a@x.example', name: 'Ada Byron', website: 'https://acme.example' },
        { email: 'b@x.example', name: 'Bob B', website: null },
      ],
    ]);
  });

  test('rejects a row with an optional field that is not valid with --strict', async () => {
    const path = await file('Customer,Email,Website\nA,a@x.example,none\nB,b@x.example,b.example\n');
    const { code, stdout } = await importFile(path, '--strict');
    expect([code, JSON.parse(stdout)]).toMatchObject([
      1,
      { created: 1, rejected: 1, reasons: [{ path: 'website', code: 'INVALID_URL', rows: 1 }], notes: 1 },
    ]);
  });

  test('writes the notes of the last import only', async () => {
    const path = await file('Customer,Email,Website\nA,a@x.example,none\n');
    expect(JSON.parse((await importFile(path)).stdout)).toMatchObject({ notes: 1 });
    await file('Customer,Email,Website\nB,b@x.example,\n');
    expect(JSON.parse((await importFile(path)).stdout)).toMatchObject({ notes: 0, notesFile: null });
    expect(await readdir(place)).toEqual(['customers.csv']);
  });
});

describe('on a terminal', () => {
  /** An import in a terminal, which a user reads and types into. */
  function onTerminal(...args: string[]) {
    const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => stdin });
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    let written = '';
    for (const stream of [stdout, stderr])
      stream.on('data', (chunk: Buffer) => (written += chunk.toString()));
    const finished = runCommand(['import', ...args, '--team', teamId], {
      env: environment(variables),
      stdin,
      stdout: Object.assign(stdout, { isTTY: true, columns: 120 }),
      stderr,
      withAbortOnSignal: (work) => work(new AbortController().signal),
    });
    const seen = () => stripVTControlCharacters(written);
    return {
      finished,
      seen,
      /** Presses keys one after another, once the terminal shows a question, which is then forgotten. @returns what it showed. */
      async answer(question: string, ...keys: string[]) {
        await eventually(question, () => Promise.resolve(seen().includes(question)));
        const shown = seen();
        for (const key of keys) {
          written = '';
          stdin.write(key);
          await eventually(`an answer to ${JSON.stringify(key)}`, () => Promise.resolve(seen() !== ''));
        }
        return shown;
      },
    };
  }

  const [ENTER, DOWN, UP, CTRL_C] = ['\r', '\u001B[B', '\u001B[A', '\u0003'];

  test('the user is asked for columns that are missing, and the mapping is saved for the next time', async () => {
    const path = await file('Kunde,Mail,Farbe\nAcme,a@x.example,red\u001B[2J\n');
    const terminal = onTerminal(path);
    const shown = await terminal.answer('No column fills customer. Which one should?', DOWN, ENTER);
    expect(shown).toMatch(/Kunde {2}\(ignored\) {2}such as Acme/);
    expect(shown).toMatch(/Farbe {2}\(ignored\) {2}such as red\\u001b\[2J/);
    expect(shown).toMatch(/Mail {3}email {2}such as a@x\.example/);
    await terminal.answer('Kunde fills', DOWN, ENTER);
    await terminal.answer('Which column should fill another field?', UP, ENTER);
    expect(await terminal.finished).toBe(0);
    expect(await stored()).toMatchObject([{ email: 'a@x.example', name: 'Acme' }]);
    const mapping = join(place, 'customers.mapping.json');
    expect(terminal.seen()).toContain(`Saved the mapping. Next time: --mapping ${mapping}`);
    expect(JSON.parse(await readFile(mapping, 'utf8'))).toEqual({
      version: 1,
      fields: { email: [['Mail']], customer: [['Kunde']] },
      ignore: ['Farbe'],
    });

    await file('Kunde,Mail,Farbe\nNext,next@x.example,red\n');
    expect(await importFile(path, '--mapping', mapping, '--others', 'refuse')).toMatchObject({ code: 0 });
  });

  test('--interactive asks about a known file too, and can join columns', async () => {
    const path = await file('customer,email,Extra\nAcme,a@x.example,Ltd\n');
    const terminal = onTerminal(path, '--interactive');
    await terminal.answer('Which column should fill another field?', DOWN, DOWN, DOWN, ENTER);
    await terminal.answer('Extra fills', 'c', ENTER);
    await terminal.answer('customer is filled by customer', DOWN, ENTER);
    const shown = await terminal.answer('Which column should fill another field?', 's', ENTER);
    expect(shown).toMatch(/Extra {5}customer/);
    expect(await terminal.finished).toBe(0);
    expect(await stored()).toMatchObject([{ name: 'Acme Ltd' }]);
  });

  test.each([
    ['Ctrl+C', [CTRL_C]],
    ['Cancel', ['C', ENTER]],
  ])('%s stores and saves nothing', async (_way, keys) => {
    const path = await file('Kunde,Mail\nAcme,a@x.example\n');
    const terminal = onTerminal(path);
    await terminal.answer('No column fills customer', ...keys);
    expect(await terminal.finished).toBe(2);
    expect([await stored(), await readdir(place)]).toEqual([[], ['customers.csv']]);
    expect(terminal.seen()).toContain('Canceled. Nothing was stored.');
  });
});
