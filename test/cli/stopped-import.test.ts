import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { migratedDatabase, query } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { operator, type Operator } from '../support/operator.js';
import { temporaryFolder } from '../support/process.js';
import { lockTable } from '../support/table-lock.js';

/** An import stores batches of 100 rows. These are a few. */
const SOME_ROWS = 300;

/** So many that no run between two kills comes to the end: each stores one to four batches. */
const MANY_ROWS = 2_000;
const KILLS = 3;

/** A file of this many rows is longer than what an import reads ahead, which are some 800. */
const ROWS_BEYOND_BUFFERS = 1_500;

/** Every so many rows one is rejected. */
const REJECTED_EVERY = 70;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let databaseUrl: string;
let admin: Operator;
beforeAll(async () => {
  folder = await temporaryFolder();
  databaseUrl = await migratedDatabase();
  admin = operator({ DATABASE_URL: databaseUrl });
});
afterAll(() => folder.remove());

let teamId: string;
let place: string;
let source: string;
beforeEach(async () => {
  ({ teamId } = await admin.ask('team', 'create', 'Imports'));
  place = join(folder.path, teamId);
  await mkdir(place);
  source = join(place, 'customers.csv');
});

const isRejected = (row: number) => row % REJECTED_EVERY === 0;
const emailOf = (row: number) => (isRejected(row) ? `no email ${row}` : `${row}@x.example`);
/** So long that few rows make a long file. */
const nameOf = (row: number) => `Customer ${row} ${'x'.repeat(200)}`;
const numbers = (count: number) => Array.from({ length: count }, (_, row) => row);

async function writeRows(count: number): Promise<void> {
  const lines = numbers(count).map((row) => `${nameOf(row)},${emailOf(row)},Contact ${row}\n`);
  await writeFile(source, `customer,email,contacts.0.firstName\n${lines.join('')}`);
}

const command = () => ['import', source, '--team', teamId, '--json'];
const importFile = () => admin.run(...command());
/** An import that can be killed. */
const startImport = () => admin.start(...command());

const progress = async () => JSON.parse(await readFile(join(place, 'customers.progress.json'), 'utf8'));

/** Sends a signal to an import in the middle of its first batch. */
async function stopInFirstBatch(signal: NodeJS.Signals) {
  const lock = await lockTable(databaseUrl);
  const { child, finished } = startImport();
  await lock.waitedForBy(1);
  child.kill(signal);
  await lock.release();
  return finished;
}

/** Leaves an import as one that was stopped after its first batch. */
async function importFirstBatch() {
  const lock = await lockTable(databaseUrl);
  const stopping = new AbortController();
  const finished = admin.runUntil(stopping.signal, ...command());
  await lock.waitedForBy(1);
  stopping.abort();
  await lock.release();
  await finished;
  expect(await progress()).toMatchObject({ rows: 100 });
}

/** Each customer of the team and its contacts, as `email contact,contact`, in order. */
const stored = async () => {
  const rows = await query<{ text: string }>(
    databaseUrl,
    `select customer.email || ' ' || string_agg(first_name, ',') as text
     from customer left join contact on customer_id = customer.id where team_id = $1 group by customer.id`,
    [teamId],
  );
  return rows.map(({ text }) => text).toSorted();
};

/** Looks that an import is done whole: every row is there once, with its contact, or among the rejected ones once. */
async function expectDone(rows: number, { code, stdout }: { code: number | null; stdout: string }) {
  const good = numbers(rows).filter((row) => !isRejected(row));
  const bad = numbers(rows).filter(isRejected);
  expect([code, JSON.parse(stdout)]).toEqual([
    1,
    {
      created: good.length,
      updated: 0,
      unchanged: 0,
      rejected: bad.length,
      rejectedFile: join(place, 'customers.rejected.csv'),
      reasons: [{ path: 'email', code: 'INVALID_EMAIL', rows: bad.length }],
      otherReasons: 0,
      notes: 0,
      notesFile: null,
    },
  ]);
  expect(await stored()).toEqual(good.map((row) => `${emailOf(row)} Contact ${row}`).toSorted());
  const problem = 'email: must be a valid email address (INVALID_EMAIL)';
  const lines = bad.map((row) => `${nameOf(row)},${emailOf(row)},Contact ${row},${row + 2},${problem}\n`);
  expect(await readFile(join(place, 'customers.rejected.csv'), 'utf8')).toBe(
    `customer,email,contacts.0.firstName,line,problems\n${lines.join('')}`,
  );
  expect((await readdir(place)).toSorted()).toEqual(['customers.csv', 'customers.rejected.csv']);
}

test('an import that is killed again and again stores every row once', async () => {
  await writeRows(MANY_ROWS);
  let rows = 0;
  for (let kills = 0; kills < KILLS; kills += 1) {
    const { child, finished } = startImport();
    const isPast = async () => (await progress()).rows > rows;
    await eventually('it goes on', () => isPast().catch(() => false));
    await sleep(Math.random() * 50);
    child.kill('SIGKILL');
    await finished;
    ({ rows } = await progress());
  }
  await expectDone(MANY_ROWS, await importFile());
}, 120_000);

test('an import that is killed while the server stores its batch finds it stored', async () => {
  await writeRows(250);
  const lock = await lockTable(databaseUrl);
  const killed = startImport();
  await lock.waitedForBy(1);
  killed.child.kill('SIGKILL');
  await killed.finished;

  // The statement of the one that was killed runs to its end, and the next one does the same batch beside it.
  const next = importFile();
  await lock.waitedForBy(2);
  await lock.release();
  await expectDone(250, await next);
});

test('an import that is killed before it notes its progress cuts off what it had rejected', async () => {
  await writeRows(SOME_ROWS);
  await importFirstBatch();
  // As a kill leaves them after a batch's rejected rows were written and before its progress was.
  await appendFile(join(place, 'customers.rejected.csv'), `${nameOf(140)},no email 140,Contact 140,142,"ema`);
  await expectDone(SOME_ROWS, await importFile());
});

test('an import that is killed before it notes its progress cuts off what it had noted', async () => {
  const isNoted = (row: number) => row % REJECTED_EVERY === 0 && row < 100;
  const rows = numbers(SOME_ROWS).map(
    (row) => `Customer ${row},${row}@x.example,${isNoted(row) ? 'x.example' : ''}\n`,
  );
  await writeFile(source, `customer,email,website\n${rows.join('')}`);
  await importFirstBatch();
  const notes = join(place, 'customers.notes.csv');
  // As a kill leaves them after a batch's notes were written and before its progress was.
  await appendFile(notes, '102,website,read as https://100.exam');
  expect(await importFile()).toMatchObject({ code: 0 });
  expect((await readFile(notes, 'utf8')).trimEnd().split('\n')).toEqual([
    '\u{feff}line,field,note,code,value',
    ...numbers(SOME_ROWS)
      .filter(isNoted)
      .map((row) => `${row + 2},website,read as https://x.example,COMPLETED,x.example`),
  ]);
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends an import after the batch under way', async (signal) => {
  await writeRows(SOME_ROWS);
  const { code, stdout, stderr } = await stopInFirstBatch(signal);
  const { rows, created } = await progress();
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain(
    `Stopped after ${rows} of ${SOME_ROWS} rows. Run the same command again to resume.`,
  );
  expect(rows).toBe(100);
  expect(await stored()).toHaveLength(created);

  const again = await importFile();
  expect(again.stderr).toContain(`Resuming after ${rows} of ${SOME_ROWS} rows.`);
  await expectDone(SOME_ROWS, again);
});

test('an import whose database does not answer says so and goes on when it is run again', async () => {
  await writeRows(250);
  const lock = await lockTable(databaseUrl);
  const impatient = operator({ DATABASE_URL: databaseUrl, DATABASE_STATEMENT_TIMEOUT_MS: '200' });
  const { code, stdout, stderr } = await impatient.run('import', source, '--team', teamId);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toBe(
    'canceling statement due to statement timeout. Run the same command again to resume.\n',
  );
  await lock.release();
  await expectDone(250, await importFile());
});

test('an import of a file is refused while another one of it runs', async () => {
  await writeRows(250);
  const lock = await lockTable(databaseUrl);
  const first = importFile();
  await lock.waitedForBy(1);
  const { code, stderr } = await importFile();
  expect([code, stderr]).toEqual([1, `Another import of ${source} is running.\n`]);
  await lock.release();
  await expectDone(250, await first);
});

test('a stopped import does not go on with another file, delimiter or team', async () => {
  await writeRows(250);
  await importFirstBatch();

  await writeFile(source, 'customer;email\nA;a@x.example\n');
  const other = await admin.ask('team', 'create', 'Another');
  const { code, stderr } = await admin.run('import', source, '--team', other.teamId, '--delimiter', ';');
  expect(code).toBe(2);
  expect(stderr).toContain(
    `stopped after 100 rows, but the file has changed, the delimiter is different, the team was ${teamId}.`,
  );
});

test('a file that changes during its import is reported, and no added row is stored', async () => {
  await writeRows(ROWS_BEYOND_BUFFERS);
  const content = await readFile(source, 'utf8');
  const lock = await lockTable(databaseUrl);
  const changed = importFile();
  await lock.waitedForBy(1);
  await appendFile(source, 'Added,added@x.example,\n');
  await lock.release();
  const { code, stdout, stderr } = await changed;
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain(`${source} was modified during the import; restore the original file.`);

  await writeFile(source, content);
  await expectDone(ROWS_BEYOND_BUFFERS, await importFile());
});

test('a stopped import does not go on when its columns are read in another way', async () => {
  await writeRows(250);
  await importFirstBatch();
  const { code, stderr } = await admin.run(...command(), '--map', 'contacts.0.firstName=notes');
  expect([code, stderr]).toEqual([
    2,
    expect.stringContaining('stopped after 100 rows, but the file is read differently.'),
  ]);
});

test('an unreadable checkpoint is reported', async () => {
  await writeRows(10);
  await writeFile(join(place, 'customers.progress.json'), '{');
  const { code, stderr } = await importFile();
  expect([code, stderr]).toEqual([2, expect.stringContaining('is not a valid import checkpoint')]);
});
