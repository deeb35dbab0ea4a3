import { spawnSync } from 'node:child_process';
import { chmod, chown, mkdir, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { explainPostgresFailure } from '../src/start-failure.js';
import { PostgresFailure } from '../src/database/postgres-programs.js';
import { describeAsRoot, describeWithMounts, runAsStranger } from './support/as-root.js';
import { emptyDatabase, query } from './support/database.js';
import { listen } from './support/listen.js';
import { refusedStart } from './support/local-gateway.js';
import { operator } from './support/operator.js';
import { GATEWAY, run, temporaryFolder } from './support/process.js';
import { createRole } from './support/role.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
/** A data folder with a database, which no process uses. */
let dataDir: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  dataDir = join(folder.path, 'data');
  await operator({ DATA_DIR: dataDir }).ask('migrate');
});
afterAll(() => folder.remove());

const refusal = (variables: Record<string, string>) => refusedStart({ DATA_DIR: dataDir, ...variables });

/** Starts a gateway as a process. */
const start = (variables: Record<string, string>) =>
  run(process.execPath, [GATEWAY], { PORT: '0', DATA_DIR: dataDir, ...variables });

/** How a process ends whose start is refused: with one line on standard error, which says why. */
const refused = (reason: RegExp) => ({
  code: 1,
  stdout: '',
  stderr: expect.stringMatching(new RegExp(`^(?=.*${reason.source}).*\\n$`)),
});

describe('a start is refused in one sentence that says what to do', () => {
  test('when the port is in use, before anything is made', async () => {
    const other = createServer();
    const port = await listen(other);
    const unused = join(folder.path, 'unused');
    expect(await start({ PORT: String(port), DATA_DIR: unused })).toEqual({
      code: 1,
      stdout: '',
      stderr: `Port ${port} is in use; try PORT=${port + 1} npm start.\n`,
    });
    other.close();
    await expect(stat(join(unused, 'postgres'))).rejects.toThrow('ENOENT');
  });

  test.each([
    [
      'is not an address of this machine',
      '192.0.2.1',
      /^HOST 192\.0\.2\.1 is not an address of this machine\. /,
    ],
    ['is no name', 'nowhere.invalid', /^HOST nowhere\.invalid cannot be resolved /],
  ])('when HOST %s', async (_case, HOST, reason) => {
    expect(await refusal({ HOST })).toMatch(reason);
  });

  test('when DATA_DIR is a file', async () => {
    const file = join(folder.path, 'file');
    await writeFile(file, '');
    expect(await refusal({ DATA_DIR: file })).toMatch(
      /^DATA_DIR \S+ is not a folder .*\. Set it to a folder\./,
    );
    expect(await refusal({ DATA_DIR: join(file, 'below') })).toMatch(
      /^DATA_DIR \S+ is not a folder .*\. Set it to a folder\./,
    );
  });

  test('when the database was created by another version of PostgreSQL', async () => {
    const version = join(dataDir, 'postgres', 'PG_VERSION');
    const kept = await readFile(version, 'utf8');
    await writeFile(version, '17\n');
    expect(await refusal({})).toMatch(
      /was created by PostgreSQL 17, but this release contains PostgreSQL 18\. .* DATA_DIR/,
    );
    await writeFile(version, kept);
  });

  test('when the database is damaged', async () => {
    const control = join(dataDir, 'postgres', 'global', 'pg_control');
    await rename(control, `${control}.lost`);
    expect(await refusal({})).toMatch(
      /does not start on .*pg_control.* from a backup, or set DATA_DIR .*server\.log/,
    );
    await rename(`${control}.lost`, control);
  });

  test('when files of the database are missing, and keeps the others', async () => {
    const version = join(dataDir, 'postgres', 'PG_VERSION');
    await rename(version, `${version}.lost`);
    expect(await refusal({})).toMatch(/is damaged: its file PG_VERSION is missing\. Restore/);
    await rename(`${version}.lost`, version);
  });

  test.each([
    ['empty', ''],
    ['empty', '\n'],
    ['damaged', Buffer.alloc(31).toString('base64')],
    ['damaged', 'no key'],
  ])('when the key of the secrets is %s, and keeps the file', async (fault, content) => {
    const key = join(dataDir, 'secrets-key');
    await writeFile(key, content);
    expect(await refusal({})).toMatch(
      new RegExp(
        `^\\S+/secrets-key is ${fault}\\. Restore it from a backup, or remove it to create a new key\\.`,
      ),
    );
    expect(await readFile(key, 'utf8')).toBe(content);
    await rm(key);
  });

  test('when a folder has the name of a file, and the database is stopped again', async () => {
    const demo = join(dataDir, 'demo.json');
    await mkdir(demo);
    expect(await refusal({})).toMatch(
      /^The data folder \S+ contains a folder where a file is expected .*demo\.json/,
    );
    await rmdir(demo);
    await expect(stat(join(dataDir, 'postgres', 'postmaster.pid'))).rejects.toThrow('ENOENT');
  });

  test('when the password is lost or another one', async () => {
    const password = join(dataDir, 'postgres-password');
    await rename(password, `${password}.lost`);
    expect(await refusal({})).toMatch(
      /^The password of the database in \S+ is missing or damaged\. Restore .* or set DATA_DIR/,
    );
    await writeFile(password, '');
    expect(await refusal({})).toMatch(/^The password of the database in \S+ is missing or damaged/);
    await writeFile(password, `${'0'.repeat(64)}\n`);
    expect(await refusal({})).toMatch(/^The password in \S+ does not match the database in /);
    await rename(`${password}.lost`, password);
  });

  test('when the encoding of the database is not UTF8', async () => {
    const databaseUrl = await emptyDatabase("encoding 'LATIN1' locale_provider libc locale 'C'");
    const sentence = `The database uses encoding LATIN1; UTF8 is required. Create a new database with ENCODING 'UTF8' TEMPLATE template0.`;
    expect(await refusal({ DATABASE_URL: databaseUrl })).toBe(sentence);
    const migrating = await operator({ DATABASE_URL: databaseUrl }).run('migrate');
    expect(migrating).toEqual({ code: 1, stdout: '', stderr: `${sentence}\n` });
  });

  test('when migrations are pending and MIGRATE is off, and the database is not changed', async () => {
    const databaseUrl = await emptyDatabase();
    expect(await refusal({ DATABASE_URL: databaseUrl, MIGRATE: 'off' })).toMatch(
      /^The database schema is out of date \(pending: graphile-worker and \d+ more\); run `customer-gateway migrate`\.$/,
    );
    expect(await query(databaseUrl, "select from pg_tables where schemaname = 'public'")).toEqual([]);
  });

  test('when the database does not exist, and it is not created', async () => {
    const url = new URL(await emptyDatabase());
    const database = url.href;
    url.pathname = '/absent';
    expect(await refusal({ DATABASE_URL: url.href })).toMatch(
      /^The database in DATABASE_URL does not exist: .*\. Create it, or correct the address\.$/,
    );
    expect(await query(database, "select from pg_database where datname = 'absent'")).toEqual([]);
  });

  test('when the role may not migrate the database', async () => {
    const { url } = await createRole(await emptyDatabase());
    expect(await refusal({ DATABASE_URL: url })).toMatch(
      /^The role in DATABASE_URL cannot migrate .*\. Run customer-gateway doctor to see the missing grants/,
    );
  });
});

describeAsRoot('likewise', () => {
  test('when the database belongs to another account', async () => {
    const cluster = join(dataDir, 'postgres');
    const { uid, gid } = await stat(cluster);
    await chown(cluster, 12_345, 12_345);
    expect(await refusal({})).toMatch(
      /belongs to another account\. Start the gateway as the account that created it/,
    );
    await chown(cluster, uid, gid);
  });

  test('when the account may not write to the folder', async () => {
    await chmod(folder.path, 0o755);
    const variables = { PORT: '0', DATA_DIR: dataDir };
    expect(await runAsStranger([GATEWAY], variables)).toEqual(
      refused(/^This account has no permission for \S+\. Change the owner of /),
    );
  });
});

describeWithMounts('likewise', () => {
  test.each([
    ['before there is a database', '24m'],
    ['before there is anything', '4k'],
  ])('when the disk is full %s', async (_case, size) => {
    const disk = join(folder.path, `disk-${size}`);
    await mkdir(disk);
    spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=755`, 'tmpfs', disk]);
    try {
      expect(await refusal({ DATA_DIR: join(disk, 'data') })).toMatch(
        /^The disk of the data folder \S+ is full\. Free some space/,
      );
    } finally {
      spawnSync('umount', [disk]);
    }
  });
});

test.each([
  ['initdb', 'initdb: error: could not write to file: No space left on device', /^The disk of/],
  ['pg_ctl', 'PANIC:  could not write to file "pg_wal/x": No space left on device', /^The disk of/],
  ['pg_ctl', 'FATAL:  could not locate a valid checkpoint record', /valid checkpoint record\. Restore/],
  ['pg_ctl', 'FATAL:  data directory "x" has invalid permissions', /chmod -R go= \/data\/postgres$/],
] as const)('%s: %s is explained', (program, output, sentence) => {
  const failure = new PostgresFailure(program, '/data/postgres', output, { cause: undefined });
  expect(explainPostgresFailure(failure)).toMatch(sentence);
});

describe('a start is refused', () => {
  test('with every problem listed and no stack when the configuration is bad', async () => {
    const { code, stderr } = await start({ PORT: 'x', NODE_ENV: 'production' });
    expect(code).toBe(1);
    expect(stderr).toContain('PORT must be a whole number');
    expect(stderr).not.toContain('    at ');
  });
});
