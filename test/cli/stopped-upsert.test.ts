import { copyFile, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { migratedDatabase, query } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { operator, type Operator } from '../support/operator.js';
import { temporaryFolder } from '../support/process.js';
import { lockTable } from '../support/table-lock.js';

/** Two batches of an import. */
const SOME_ROWS = 200;

/** So many that no run between two kills comes to the end. */
const MANY_ROWS = 1_500;
const KILLS = 2;

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
let checkpoint: string;
beforeEach(async () => {
  ({ teamId } = await admin.ask('team', 'create', 'Imports'));
  place = join(folder.path, teamId);
  await mkdir(place);
  source = join(place, 'customers.csv');
  checkpoint = join(place, 'customers.progress.json');
});

type Kind = 'created' | 'updated' | 'unchanged';
const kinds: readonly Kind[] = ['created', 'updated', 'unchanged'];
/** What an import does with a row, one after another, so that every batch has each. */
const kindOf = (row: number) => kinds[row % kinds.length] ?? 'created';
const rowsOf = (rows: number, kind: Kind) =>
  Array.from({ length: rows }, (_, row) => row).filter((row) => kindOf(row) === kind);

/** Writes a file, and stores the customers of rows that are not created by it. */
async function prepare(rows: number): Promise<void> {
  const line = (row: number, name: string) => `${name} ${row},${row}@x.example,Contact ${row}\n`;
  const lines = Array.from({ length: rows }, (_, row) => line(row, 'New'));
  const earlier = lines.flatMap((text, row) => {
    if (kindOf(row) === 'created') return [];
    return [kindOf(row) === 'updated' ? line(row, 'Old') : text];
  });
  const header = 'customer,email,contacts.0.firstName\n';
  const seed = join(place, 'seed.csv');
  await writeFile(seed, header + earlier.join(''));
  await admin.ask('import', seed, '--team', teamId);
  await writeFile(source, header + lines.join(''));
}

const command = () => ['import', source, '--team', teamId, '--upsert', 'email', '--json'];
const upsert = () => admin.run(...command());
const progress = async () => JSON.parse(await readFile(checkpoint, 'utf8'));

/** Checks the summary, that each customer has the values of its row, and that each was changed once at most. */
async function expectDone(rows: number, { code, stdout }: { code: number | null; stdout: string }) {
  const [created, updated, unchanged] = kinds.map((kind) => rowsOf(rows, kind).length);
  expect([code, JSON.parse(stdout)]).toMatchObject([0, { created, updated, unchanged, rejected: 0 }]);
  const stored = await query<{ email: string; text: string }>(
    databaseUrl,
    `select email, name || ' ' || version || ' ' || (select string_agg(first_name, ',') from contact where customer_id = customer.id) as text
     from customer where team_id = $1`,
    [teamId],
  );
  const expected = Array.from({ length: rows }, (_, row): [string, string] => [
    `${row}@x.example`,
    `New ${row} ${kindOf(row) === 'updated' ? 2 : 1} Contact ${row}`,
  ]);
  expect(new Map(stored.map(({ email, text }) => [email, text]))).toEqual(new Map(expected));
  expect(stored).toHaveLength(rows);
}

test('an import with `--upsert` that is killed again and again stores and counts every row once', async () => {
  await prepare(MANY_ROWS);
  let rows = 0;
  for (let kills = 0; kills < KILLS; kills += 1) {
    const { child, finished } = admin.start(...command());
    const isPast = async () => (await progress()).rows > rows;
    await eventually('it goes on', () => isPast().catch(() => false));
    await sleep(Math.random() * 50);
    child.kill('SIGKILL');
    await finished;
    ({ rows } = await progress());
  }
  await expectDone(MANY_ROWS, await upsert());
}, 120_000);

describe('an import with `--upsert` that is killed while the server stores its', () => {
  // The file has rows of one kind, so the statement under way is the one that creates, or the one that updates.
  test.each(['created', 'updated'] as const)('%s rows counts them', async (kind) => {
    const lines = Array.from({ length: 50 }, (_, row) => `New,${row}@x.example\n`).join('');
    await writeFile(source, `customer,email\n${lines.replaceAll('New', 'Old')}`);
    if (kind === 'updated') await admin.ask('import', source, '--team', teamId);
    await writeFile(source, `customer,email\n${lines}`);

    // Reads of customers do not wait for this lock.
    const lock = await lockTable(databaseUrl, 'customer_event');
    const killed = admin.start(...command());
    await lock.waitedForBy(1);
    killed.child.kill('SIGKILL');
    await killed.finished;
    const next = upsert();
    await lock.waitedForBy(2);
    await lock.release();
    expect(JSON.parse((await next).stdout)).toMatchObject({ [kind]: 50, unchanged: 0, rejected: 0 });
    const versions = await query(
      databaseUrl,
      'select distinct name, version from customer where team_id = $1',
      [teamId],
    );
    expect(versions).toEqual([{ name: 'New', version: kind === 'updated' ? 2 : 1 }]);
  });
});

/** Leaves an import as one that was stopped after its first batch. */
async function importFirstBatch(rows = 100) {
  const lock = await lockTable(databaseUrl);
  const stopping = new AbortController();
  const finished = admin.runUntil(stopping.signal, ...command());
  await lock.waitedForBy(1);
  stopping.abort();
  await lock.release();
  await finished;
  expect(await progress()).toMatchObject({ rows });
}

test('an import that is killed before its checkpoint does not undo what others change meanwhile', async () => {
  await prepare(SOME_ROWS);
  await importFirstBatch();
  const kept = join(place, 'kept');
  await copyFile(checkpoint, kept);
  const first = await upsert();
  await expectDone(SOME_ROWS, first);

  // As a kill leaves it after the last batch is stored and before its checkpoint is.
  await copyFile(kept, checkpoint);
  const mine = [...rowsOf(SOME_ROWS, 'created').slice(-1), ...rowsOf(SOME_ROWS, 'updated').slice(-1)];
  const change = 'update customer set name = $2 where team_id = $1 and email = any($3)';
  const emails = mine.map((row) => `${row}@x.example`);
  await query(databaseUrl, change, [teamId, 'Theirs', emails]);
  const { code, stdout } = await upsert();
  expect([code, JSON.parse(stdout)]).toEqual([0, JSON.parse(first.stdout)]);
  const names = await query(databaseUrl, 'select name from customer where team_id = $1 and email = any($2)', [
    teamId,
    emails,
  ]);
  expect(names).toEqual([{ name: 'Theirs' }, { name: 'Theirs' }]);
});

test('a row with the email of an earlier one is in the next batch, so that neither hides the other when it is repeated', async () => {
  await writeFile(source, 'customer,email\nFirst,a@x.example\nSecond,a@x.example\n');
  await importFirstBatch(1);
  const { stdout } = await upsert();
  expect(JSON.parse(stdout)).toMatchObject({ created: 1, updated: 1 });
});

describe('the next run', () => {
  test('of a changed file with `--upsert` starts from the first row', async () => {
    await prepare(SOME_ROWS);
    await importFirstBatch();
    await writeFile(source, (await readFile(source, 'utf8')).replaceAll('New', 'Newer'));
    const { code, stdout, stderr } = await upsert();
    expect(stderr).toContain(
      `${checkpoint} belongs to an import that was stopped after 100 rows, but the file has changed. Starting from the first row.`,
    );
    const created = rowsOf(SOME_ROWS, 'created').filter((row) => row >= 100).length;
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { created, updated: SOME_ROWS - created }]);
    expect((await readdir(place)).toSorted()).toEqual(['customers.csv', 'seed.csv']);
  });

  test('without `--upsert` does not resume one with it', async () => {
    await prepare(SOME_ROWS);
    await importFirstBatch();
    const { code, stderr } = await admin.run('import', source, '--team', teamId);
    expect([code, stderr]).toEqual([2, expect.stringContaining('but --upsert is different.')]);
  });

  test('of a changed file is not stopped by the checkpoint of an import that is complete', async () => {
    await prepare(SOME_ROWS);
    await importFirstBatch();
    // As a kill leaves it between the summary and the removal of the checkpoint.
    await writeFile(checkpoint, JSON.stringify({ ...(await progress()), rows: SOME_ROWS }));
    await writeFile(source, 'customer,email\nOther,other@x.example\n');
    expect(await admin.run('import', source, '--team', teamId)).toMatchObject({ code: 0, stderr: '' });
  });

  test('is refused while an import of the file that it replaced runs', async () => {
    await prepare(SOME_ROWS);
    const lock = await lockTable(databaseUrl);
    const first = upsert();
    await lock.waitedForBy(1);
    const replacement = join(place, 'replacement.csv');
    await writeFile(replacement, 'customer,email\nOther,other@x.example\n');
    await rename(replacement, source);
    const { code, stderr } = await upsert();
    expect([code, stderr]).toEqual([1, `Another import of ${source} is running.\n`]);
    await lock.release();
    await expectDone(SOME_ROWS, await first);
  });
});
