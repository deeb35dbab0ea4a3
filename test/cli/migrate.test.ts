import { beforeEach, describe, expect, test } from 'vitest';
import { knownMigrations } from '../../src/orm/pending-migrations.js';
import { codeBlocks } from '../support/code-block.js';
import { emptyDatabase, migratedDatabase, query } from '../support/database.js';
import { type Operator, operator } from '../support/operator.js';

const [FIRST = '', CUSTOMERS_API = '', ...LATER] = await knownMigrations();
const IMPORT_BATCHES = 'Migration20261129095901_import_batches';
const BEFORE_IMPORT_BATCHES = 'Migration20261129095500_published_documents';
/** A migration of a release after this one. */
const UNKNOWN = 'Migration29991231000000_customer_city';

let databaseUrl: string;
let operated: Operator;
beforeEach(async () => {
  databaseUrl = await migratedDatabase();
  operated = operator({ NODE_ENV: 'test', DATABASE_URL: databaseUrl });
});

const migrateTo = (name: string, ...options: string[]) => operated.run('migrate', '--to', name, ...options);
const run = (...statements: string[]) => query(databaseUrl, statements.join(';'));
const applied = async () =>
  (await query<{ name: string }>(databaseUrl, 'select name from mikro_orm_migrations')).map(
    ({ name }) => name,
  );
/** A team with a customer that has events. */
const addCustomer = (values: string) =>
  run(
    `insert into team (id, name) values ('00000000-0000-7000-8000-000000000001', 'Team') on conflict do nothing`,
    `insert into customer (id, team_id, name, name_key, email, email_key, search_text, deleted_at)
     values (gen_random_uuid(), '00000000-0000-7000-8000-000000000001', 'A', 'a', 'a@b.co', 'a@b.co', '', ${values})`,
  );

describe('customer-gateway migrate --to', () => {
  test('applies the migrations up to the given one', async () => {
    databaseUrl = await emptyDatabase();
    operated = operator({ NODE_ENV: 'test', DATABASE_URL: databaseUrl });
    expect(await operated.ask('migrate', '--to', CUSTOMERS_API)).toEqual({
      applied: [FIRST, CUSTOMERS_API],
      reverted: [],
    });
    expect((await operated.ask('migrate')).applied).toEqual(LATER);
  });

  test('reverts each migration, newest first, and applies it again', async () => {
    const names = [CUSTOMERS_API, ...LATER];
    expect(await operated.ask('migrate', '--to', FIRST)).toEqual({
      applied: [],
      reverted: names.toReversed(),
    });
    expect((await operated.ask('migrate')).applied).toEqual(names);
  });

  test('deletes no data unless that is allowed, and lists what it would delete', async () => {
    await addCustomer('null');
    await run(
      `insert into customer_event (team_id, customer_id, type, version, transaction, customer, command, batch_id)
       select team_id, id, 'CREATED', 1, 1, '{}', 'import', gen_random_uuid() from customer`,
      `insert into customer_event (team_id, customer_id, type, version, transaction, customer, command)
       select team_id, id, 'UPDATED', 2, 1, '{}', 'import' from customer`,
    );
    const before = await applied();
    expect(await migrateTo(BEFORE_IMPORT_BATCHES)).toEqual({
      code: 1,
      stdout: '',
      stderr: [
        `Going back to ${BEFORE_IMPORT_BATCHES} deletes data:`,
        '  column customer_event.batch_id: 1',
        'Nothing was changed. Back up the database, then run the command with --allow-data-loss.',
        '',
      ].join('\n'),
    });
    expect(await applied()).toEqual(before);
    expect((await migrateTo(CUSTOMERS_API)).stderr).toMatch(
      /deletes data:\n {2}table customer_event: 2\n {2}column customer\.transaction: 1\n {2}column customer\.email_key: 1\n/,
    );

    expect(await migrateTo(BEFORE_IMPORT_BATCHES, '--allow-data-loss')).toMatchObject({ code: 0 });
    expect(await applied()).not.toContain(IMPORT_BATCHES);
  });

  test('counts the rows that it would delete because the older schema has no place for them', async () => {
    await run(
      `insert into team (id, name) values ('00000000-0000-7000-8000-000000000001', 'Team')`,
      `insert into api_client (id, name) values ('00000000-0000-7000-8000-000000000002', 'Client')`,
      `insert into idempotency_key (client_id, team_id, key, request_hash, seed, outcomes)
       values ('00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000001', 'k', sha256(''), gen_random_uuid(), 'c')`,
    );
    expect((await migrateTo('Migration20261125044014_client_secrets')).stderr).toContain(
      '  rows of idempotency_key: 1\n',
    );
  });

  test('leaves the schema as it is when a migration cannot be reverted, and says why', async () => {
    await addCustomer('now()');
    await addCustomer('null');
    const before = 'Migration20261125044014_client_secrets';
    await migrateTo(CUSTOMERS_API, '--allow-data-loss');
    const { code, stderr } = await migrateTo(FIRST, '--allow-data-loss');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      new RegExp(
        `^${CUSTOMERS_API} cannot be reverted: .*customer_team_email_unique.*\\. Nothing was changed\\.\n$`,
      ),
    );
    expect(await applied()).toEqual([FIRST, CUSTOMERS_API]);
    expect((await operated.ask('migrate')).applied[0]).toBe(before);
  });

  test('refuses to revert a migration that only a newer release knows', async () => {
    await run(`insert into mikro_orm_migrations (name) values ('${UNKNOWN}')`);
    expect(await migrateTo(BEFORE_IMPORT_BATCHES)).toMatchObject({
      code: 1,
      stderr: `This release cannot revert ${UNKNOWN}. Run \`customer-gateway migrate --to ${BEFORE_IMPORT_BATCHES}\` with the release that applied the migration.\n`,
    });
  });

  test.each([
    [['--to', 'initial'], /^--to must be a migration of this release/],
    [['--to', UNKNOWN], /^--to must be a migration of this release/],
    [['--allow-data-loss'], /^--allow-data-loss requires --to/],
    [['--list', '--to', FIRST], /^--list and --to cannot be combined/],
  ])('refuses %j', async (options, message) => {
    expect(await operated.run('migrate', ...options)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(message),
    });
  });
});

test('the commands of docs/upgrading.md run', async () => {
  const blocks = (await codeBlocks('docs/upgrading.md')).filter(({ language }) => language === 'sh');
  const commands = blocks.flatMap(({ code }) => code.trim().split('\n'));
  expect(commands.length).toBeGreaterThan(0);
  for (const command of commands) {
    const [program, ...args] = command.split(' ');
    expect(program).toBe('customer-gateway');
    expect(await operated.run(...args)).toMatchObject({ code: 0 });
  }
});

test('customer-gateway migrate --list prints which migrations are applied, pending and unknown, and changes nothing', async () => {
  await run(
    `insert into mikro_orm_migrations (name) values ('${UNKNOWN}')`,
    `delete from mikro_orm_migrations where name = '${IMPORT_BATCHES}'`,
  );
  const { stdout } = await operated.run('migrate', '--list');
  expect(stdout).toContain(`applied  ${BEFORE_IMPORT_BATCHES}\npending  ${IMPORT_BATCHES}\n`);
  expect(stdout).toContain(`unknown  ${UNKNOWN}\n`);
  expect(await applied()).not.toContain(IMPORT_BATCHES);
});
