import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { migratedDatabase, query } from '../support/database.js';
import { operator, type Operator } from '../support/operator.js';
import { CLI, run, temporaryFolder } from '../support/process.js';
import { describeWith } from '../support/programs.js';

/** Clears the screen, sets the title, hides what follows, and turns the order of characters round. */
const HOSTILE = '\u001B[2J\u001B]0;title\u0007\u009B8m\r\u202Eevil\u2066\u200B';

/** What no output may have. */
// oxlint-disable-next-line no-control-regex -- the characters that it looks for
const RAW = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069\u200B]/u;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let databaseUrl: string;
let admin: Operator;
let teamId: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  databaseUrl = await migratedDatabase();
  admin = operator({ DATABASE_URL: databaseUrl, DATA_DIR: folder.path });
  ({ teamId } = await admin.ask('team', 'create', 'Team'));
  await admin.ask('client', 'create', 'Client');
  await query(databaseUrl, 'update team set name = $1', [`${HOSTILE}\nsecond line`]);
  await query(databaseUrl, 'update api_client set name = $1', [HOSTILE]);
  await query(
    databaseUrl,
    `insert into customer (id, team_id, name, name_key, email, email_key, search_text, notes)
     values (gen_random_uuid(), $1, 'A', 'a', 'a@x.example', 'a@x.example', 'a', $2)`,
    [teamId, HOSTILE],
  );
});
afterAll(() => folder.remove());

/** What a command writes to both its outputs. */
async function written(asked: Operator, ...args: string[]): Promise<string> {
  const { stdout, stderr } = await asked.run(...args);
  return stdout + stderr;
}

describe('a command writes no control character to its outputs', () => {
  test('of names in the database, which are on one line', async () => {
    for (const what of ['team', 'client']) {
      const text = await written(admin, what, 'list');
      expect(text).not.toMatch(RAW);
      expect(text).toContain(String.raw`\u001b[2J\u001b]0;title\u0007\u009b8m\u000d\u202eevil\u2066\u200b`);
      expect(text.trimEnd().split('\n')).toHaveLength(2);
    }
  });

  test('of names in JSON, which a script reads as they are', async () => {
    const text = await written(admin, 'team', 'list', '--json');
    expect(text).not.toMatch(RAW);
    expect(JSON.parse(text)[0].name).toBe(`${HOSTILE}\nsecond line`);
  });

  test('of its arguments and of a file', async () => {
    expect(await written(admin, 'team', HOSTILE)).not.toMatch(RAW);
    expect(await written(admin, 'client', 'revoke', HOSTILE)).not.toMatch(RAW);
    const file = join(folder.path, `${HOSTILE}.csv`);
    await writeFile(file, `customer,email,"${HOSTILE}"\nA,a@x.example,1\n`);
    const text = await written(admin, 'import', file, '--team', teamId);
    expect(text).not.toMatch(RAW);
    expect(text).toContain(String.raw`\u202eevil`);
  });

  test('of the messages of a server, also in the findings of `doctor`', async () => {
    const url = new URL(databaseUrl);
    url.username = HOSTILE;
    for (const args of [['team', 'list'], ['doctor'], ['doctor', '--json']]) {
      const text = await written(operator({ DATABASE_URL: url.href, DATA_DIR: folder.path }), ...args);
      expect(text).not.toMatch(RAW);
      expect(text).toContain(String.raw`\u202eevil`);
    }
  });
});

describe('`export` to standard output', () => {
  const command = ['export', '--team'];

  test('writes data as it is to a pipe', async () => {
    expect((await admin.run(...command, teamId)).stdout).toContain(HOSTILE);
  });

  describeWith('script')('on a terminal', () => {
    test('shows it', async () => {
      const { stdout } = await run(
        'script',
        ['--quiet', '--return', '--command', `"$node" ${CLI} export --team "$team"`, '/dev/null'],
        { DATABASE_URL: databaseUrl, DATA_DIR: folder.path, node: process.execPath, team: teamId },
      );
      expect(stdout.replaceAll('\r\n', '\n')).not.toMatch(RAW);
      expect(stdout).toContain(String.raw`\u001b[2J`);
    });
  });
});
