import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { deletionsOf } from '../../src/orm/data-losses.js';
import { lastRelease } from '../support/last-release.js';
import { brokenRules } from '../support/migration-rules.js';

/** The rules apply to the migrations after this one. */
const BEFORE_THE_RULES = 'Migration20261129095901_import_batches';

const { migration: released } = await lastRelease();
const names = (await readdir('migrations'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace(/\.ts$/, ''))
  .toSorted();

const migration = (
  up: string,
  { down = '', name = 'Migration20990101000000_next', inSteps = false } = {},
) => ({
  name,
  source: `
export class ${name} extends Migration {
  ${inSteps ? 'override isTransactional(): boolean {\n    return false;\n  }' : ''}
  override up(): void {
    ${up}
  }
  override down(): void {
    ${down}
  }
}`,
});
const sql = (...statements: string[]) => statements.map((text) => `this.addSql(\`${text}\`);`).join('\n');
const problems = (...args: Parameters<typeof migration>) => brokenRules(migration(...args), released);

test.each(names.filter((name) => name > BEFORE_THE_RULES))('%s follows the rules', async (name) => {
  expect(brokenRules({ name, source: await readFile(`migrations/${name}.ts`, 'utf8') }, released)).toEqual(
    [],
  );
});

test.each(names)('`migrate --to` finds all that %s deletes in down', async (name) => {
  const [, down = ''] = (await readFile(`migrations/${name}.ts`, 'utf8')).split('override down(');
  const statements = Array.from(down.matchAll(/`([^`]*)`/g), ([, statement = '']) => statement);
  const deletions = down.match(/\b(?:drop table|drop column|delete from|truncate)\b/g) ?? [];
  expect(statements.flatMap(deletionsOf)).toHaveLength(deletions.length);
});

test('the last release is one whose migrations are all here', () => {
  expect(names).toContain(released);
});

describe('a migration may', () => {
  test.each([
    ['add a nullable column', 'alter table "customer" add "city" varchar(255) null;'],
    [
      'add a column with a default',
      `alter table "customer" add "tags" text[] not null default '{}', add "b" int null;`,
    ],
    [
      'add a table with indexes and constraints',
      'create table "visit" ("id" uuid not null); create index "v" on "visit" ("id"); alter table "visit" add constraint "c" check (true);',
    ],
    [
      'add a trigger',
      'create function "f"() returns trigger language plpgsql as $$ begin update customer set a = 1; drop table x; end $$; create trigger "t" before update on "customer" for each row execute function "f"();',
    ],
    [
      'add a constraint to a small table',
      'alter table "access_token" add constraint "scopes" check (cardinality(scopes) < 9);',
    ],
    [
      'add a constraint that is checked for new rows only',
      'alter table "customer" add constraint "c" check (city is null) not valid;',
    ],
    [
      'widen a constraint',
      `alter table "customer_event" drop constraint "t", add constraint "t" check (type in ('A', 'B')) not valid;`,
    ],
  ])('%s', (_what, statement) => {
    expect(problems(sql(statement))).toEqual([]);
  });

  test('change the rows of a large table in batches', () => {
    const up = 'await this.execute(`update "customer" set "city" = 1 where "id" = any(?)`, [ids]);';
    expect(problems(up, { inSteps: true })).toEqual([]);
  });

  test('build an index concurrently, in a migration of that name', () => {
    const up = sql(
      'drop index concurrently if exists "i";',
      'create index concurrently "i" on "customer" ("city");',
    );
    expect(problems(up, { name: 'Migration20990101000000_i_concurrently', inSteps: true })).toEqual([]);
  });

  test('remove what the last release no longer uses, and require the migration that replaced it', () => {
    const mark = (value: boolean) =>
      `update "mikro_orm_migrations" set "required" = ${value} where "name" = '${released}';`;
    const up = sql('alter table "customer" drop column "notes";', mark(true));
    expect(problems(up, { down: sql(mark(false)) })).toEqual([]);
    expect(problems(up)).toEqual([`leaves ${released} required in down`]);
  });
});

describe('a migration must not', () => {
  test.each([
    [
      'drop a column',
      'alter table "customer" drop column "notes";',
      'drops a column, and contracts no migration',
    ],
    ['drop a table', 'drop table "contact";', 'drops a table, and contracts no migration'],
    ['drop an index', 'drop index "customer_search_index";', 'drops an index, and contracts no migration'],
    ['rename', 'alter table "customer" rename column "a" to "b";', 'renames, and contracts no migration'],
    [
      'require a column',
      'alter table "customer" alter column "a" set not null;',
      'requires a value in a column that has rows, and contracts no migration',
    ],
    [
      'change a type',
      'alter table "customer" alter column "a" type text;',
      'changes the type of a column, and contracts no migration',
    ],
    [
      'change a type, as the ORM writes it',
      'alter table "customer" alter column "a" type int using ("a"::int);',
      'changes the type of a column, and contracts no migration',
    ],
    [
      'remove a default',
      'alter table "customer" alter column "a" drop default;',
      'removes a default, and contracts no migration',
    ],
    [
      'add a required column',
      'alter table "customer" add "a" int null, add "b" int not null;',
      'adds a column that the release before does not fill, and contracts no migration',
    ],
    [
      'drop a constraint',
      'alter table "customer" drop constraint "c";',
      'drops the constraint c, and contracts no migration',
    ],
    ['drop a trigger', 'drop trigger "t" on "customer";', 'drops the trigger t, and contracts no migration'],
    [
      'build an index that blocks writes',
      'create unique index "i" on "customer" ("city");',
      'builds an index that is not concurrent on customer',
    ],
    [
      'check all rows under a lock',
      'alter table "customer" add constraint "c" check (true);',
      'adds a constraint that is not NOT VALID to customer',
    ],
    [
      'write a table again',
      'alter table "customer" add "a" uuid not null default gen_random_uuid();',
      'adds a column with a value of its own in each row of customer',
    ],
    [
      'fill a column in one transaction',
      `update "customer" set "a" = 'x';`,
      'changes in one transaction the rows of customer',
    ],
    [
      'build an index concurrently under another name',
      'create index concurrently "i" on "customer" ("a");',
      'builds an index concurrently, but its name does not end with _concurrently',
    ],
  ])('%s', (_what, statement, problem) => {
    expect(problems(sql(statement))).toEqual([problem]);
  });

  test('lock two tables that requests use in one transaction', () => {
    const both = sql(
      'alter table "contact" add "city" text null;',
      'create trigger "t" before update on "customer" for each row execute function "f"();',
    );
    const problem = 'locks contact and customer in one transaction';
    expect(problems(both)).toEqual([problem]);
    expect(problems(sql('select 1'), { down: both })).toEqual([problem]);
    expect(problems(both, { inSteps: true })).toEqual([]);
    expect(problems(sql('create table "contact" ("id" int);', both))).toEqual([]);
  });

  test('validate a constraint in the transaction that adds it', () => {
    const up = sql(
      'alter table "customer" add constraint "c" check (true) not valid;',
      'alter table "customer" validate constraint "c";',
    );
    expect(problems(up)).toEqual(['validates c in the transaction that adds it']);
    expect(problems(up, { inSteps: true })).toEqual([]);
  });

  test('build an index concurrently in a transaction', () => {
    const up = sql(
      'drop index concurrently if exists "i";',
      'create index concurrently "i" on "customer" ("city");',
    );
    expect(problems(up, { name: 'Migration20990101000000_i_concurrently' })).toEqual([
      'runs in a transaction, in which no index can be built concurrently',
    ]);
  });

  test('remove what the last release still uses', () => {
    const mark = (value: boolean) =>
      `update "mikro_orm_migrations" set "required" = ${value} where "name" = 'Migration20990101000000_new';`;
    const options = { down: sql(mark(false)) };
    expect(problems(sql('alter table "customer" drop column "notes";', mark(true)), options)).toEqual([
      'contracts Migration20990101000000_new, which the last release does not know',
    ]);
  });

  test('do more than build an index in an index build, or keep an invalid index', () => {
    const up = sql(
      'create index concurrently "i" on "customer" ("a");',
      'alter table "customer" add "b" int null;',
    );
    expect(problems(up, { name: 'Migration20990101000000_i_concurrently', inSteps: true })).toEqual([
      'must only build indexes concurrently and validate constraints',
      'does not drop the invalid index i that an interrupted build leaves',
    ]);
  });

  test('lock a table in down to drop an index, without a transaction', () => {
    const down = sql('drop index "i";');
    const problem = 'drops an index in down that is not dropped concurrently';
    expect(problems(sql('select 1;'), { down, inSteps: true })).toEqual([problem]);
    expect(problems(sql('select 1;'), { down })).toEqual([]);
  });

  test('hide in down what it deletes', () => {
    expect(
      problems(sql('create table "a" ("id" int);'), { down: 'this.execute(`drop table "a"`);' }),
    ).toEqual(['executes SQL in down, so `migrate --to` cannot tell what it deletes']);
    expect(
      brokenRules(
        { name: 'Migration20990101000000_a', source: sql('create table "a" ("id" int);') },
        released,
      ),
    ).toEqual(['has no down']);
  });
});
