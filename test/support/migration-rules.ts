/** The end of the name of a migration that builds indexes outside the start of a gateway. */
const INDEX_BUILD = /_concurrently$/;

/** Tables with few rows, which operators and clients add one by one: a lock on one is short. */
const SMALL_TABLES = [
  'access_token',
  'api_client',
  'client_secret',
  'mikro_orm_migrations',
  'published_document',
  'team',
  'webhook_endpoint',
  'webhook_secret',
];

/** A migration as its source text. */
export interface MigrationSource {
  readonly name: string;
  readonly source: string;
}

/** What breaks statements of the release before, which still runs. */
const REMOVALS: readonly [rule: string, pattern: RegExp][] = [
  ['drops a column', /\bdrop column\b/],
  ['drops a table', /\bdrop table\b/],
  ['drops an index', /\bdrop index\b(?! concurrently)/],
  ['renames', /\brename\b/],
  ['requires a value in a column that has rows', /\bset not null\b/],
  ['changes the type of a column', /\balter (?:column )?"\w+" (?:set data )?type\b/],
  ['removes a default', /\bdrop default\b/],
];

/**
 * The rules of CONTRIBUTING.md ("Adding a migration") that a migration breaks. It reads the SQL in the template literals before
 * `down`, without the bodies of functions.
 *
 * @param released - the last migration of the last release.
 */
export function brokenRules({ name, source }: MigrationSource, released: string): string[] {
  const [before = '', down] = source.split(/override (?:async )?down\(/);
  const statements = Array.from(before.matchAll(/`([^`]*)`/g), ([, sql = '']) => withoutBodies(sql));
  const sql = statements.join('\n');
  const commitsInSteps = /isTransactional\(\)[^}]*return false/.test(source);
  return [
    ...(down === undefined ? ['has no down'] : []),
    ...(/this\.execute\(/.test(down ?? '')
      ? ['executes SQL in down, so `migrate --to` cannot tell what it deletes']
      : []),
    ...breakingStatements(sql, released, down ?? ''),
    ...longLocks(statements, sql, commitsInSteps),
    ...(commitsInSteps ? [] : [sql, withoutBodies(down ?? '')].flatMap((text) => severalLocks(text, sql))),
    ...brokenIndexBuild(name, sql, commitsInSteps),
    // Without a transaction, no `lock_timeout` bounds the wait.
    ...(commitsInSteps && /\bdrop index (?!concurrently)/.test(down ?? '')
      ? ['drops an index in down that is not dropped concurrently']
      : []),
  ];
}

/** Removes the bodies of functions, which run later. */
const withoutBodies = (sql: string) => sql.replaceAll(/\$\$[\s\S]*?\$\$/g, '');

function breakingStatements(sql: string, released: string, down: string): string[] {
  const contracted = [
    ...sql.matchAll(/update "mikro_orm_migrations" set "required" = true where "name" = '(\w+)'/g),
  ];
  const required = contracted.map(([, contractedName = '']) => contractedName);
  const removals = [
    ...REMOVALS.filter(([, pattern]) => pattern.test(sql)).map(([rule]) => rule),
    ...droppedConstraints(sql).map((constraint) => `drops the constraint ${constraint}`),
    ...replacedObjects(sql),
    ...addedColumns(sql)
      .filter((column) => /\bnot null\b/.test(column) && !/\bdefault\b/.test(column))
      .map(() => 'adds a column that the release before does not fill'),
  ];
  const tooEarly = required.filter((contractedName) => contractedName > released);
  return [
    ...(required.length === 0 ? removals.map((removal) => `${removal}, and contracts no migration`) : []),
    ...tooEarly.map((contractedName) => `contracts ${contractedName}, which the last release does not know`),
    ...required
      .filter((contractedName) => !down.includes(`"required" = false where "name" = '${contractedName}'`))
      .map((contractedName) => `leaves ${contractedName} required in down`),
  ];
}

/** Constraints that are dropped and not added again. */
function droppedConstraints(sql: string): string[] {
  return Array.from(
    sql.matchAll(/\bdrop constraint (?:if exists )?"(\w+)"/g),
    ([, name = '']) => name,
  ).filter((name) => !sql.includes(`add constraint "${name}"`));
}

/** Triggers and functions that are dropped and not created again. */
function replacedObjects(sql: string): string[] {
  return Array.from(sql.matchAll(/\bdrop (trigger|function) (?:if exists )?"(\w+)"/g))
    .filter(
      ([, kind, name]) => !new RegExp(`create (?:or replace )?(?:constraint )?${kind} "${name}"`).test(sql),
    )
    .map(([, kind, name]) => `drops the ${kind} ${name}`);
}

/** The clauses of `alter table` that add a column. */
const addedColumns = (sql: string): string[] =>
  sql
    .split(/\badd (?:column )?(?:if not exists )?(?="\w+" )/)
    .slice(1)
    .map((clause) => clause.replace(/;[\s\S]*/, ''));

const ALTERED = /\balter table (?:only )?"(\w+)"/;
const CREATED_TABLE = /\bcreate table (?:if not exists )?"(\w+)"/g;
/** Defaults that PostgreSQL computes for each row. */
const COMPUTED =
  /\bdefault\b.*\b(?:gen_random_uuid|uuidv7|random|clock_timestamp|nextval)\(|\bstored\b|\b(?:big|small)?serial\b/;

/** Statements that lock a table for as long as it takes to read or write all of its rows: how to find the table, and when. */
const LONG_LOCKS: readonly {
  readonly table: RegExp;
  readonly problem: string;
  readonly when?: (statement: string) => boolean;
  /** Allowed in migrations without a transaction. */
  readonly inSteps?: true;
}[] = [
  {
    table: /\bcreate (?:unique )?index (?!concurrently)[^;]*? on (?:only )?"(\w+)"/,
    problem: 'builds an index that is not concurrent on',
  },
  {
    table: /\b(?:update|delete from) "(\w+)"/,
    problem: 'changes in one transaction the rows of',
    inSteps: true,
  },
  {
    table: ALTERED,
    problem: 'adds a constraint that is not NOT VALID to',
    when: (statement) =>
      /\badd constraint\b/.test(statement) && !/\bnot valid\b|\busing index\b/.test(statement),
  },
  {
    table: ALTERED,
    problem: 'adds a column with a value of its own in each row of',
    when: (statement) => addedColumns(statement).some((column) => COMPUTED.test(column)),
  },
];

const LOCKED = /\b(?:alter table (?:only )?|trigger "\w+"[^;]*? on )"(\w+)"/g;

/**
 * Existing tables that a transaction locks together. A request can hold the lock of one and wait for the other, so that both wait for
 * each other.
 *
 * @param up - creates tables that no request uses yet.
 */
function severalLocks(sql: string, up: string): string[] {
  const created = new Set(Array.from(up.matchAll(CREATED_TABLE), ([, table = '']) => table));
  const named = Array.from(sql.matchAll(LOCKED), ([, table = '']) => table);
  const locked = new Set(named.filter((table) => !created.has(table)));
  return locked.size > 1 ? [`locks ${[...locked].join(' and ')} in one transaction`] : [];
}

/** What locks a large table, which was there before, for longer than a request waits. */
function longLocks(statements: readonly string[], sql: string, commitsInSteps: boolean): string[] {
  const created = Array.from(sql.matchAll(CREATED_TABLE), ([, table = '']) => table);
  const small = new Set([...SMALL_TABLES, ...created]);
  const locks = statements.flatMap((statement) =>
    LONG_LOCKS.flatMap(({ table, problem, when = () => true, inSteps = false }) => {
      const [, name] = table.exec(statement) ?? [];
      const isLong =
        name !== undefined && !small.has(name) && when(statement) && !(inSteps && commitsInSteps);
      return isLong ? [`${problem} ${name}`] : [];
    }),
  );
  const validated = Array.from(sql.matchAll(/\bvalidate constraint "(\w+)"/g), ([, name = '']) => name);
  const validatedAtOnce = validated.filter(
    (name) => !commitsInSteps && sql.includes(`add constraint "${name}"`),
  );
  return [...locks, ...validatedAtOnce.map((name) => `validates ${name} in the transaction that adds it`)];
}

/** Only migrations of this name are left to `customer-gateway migrate`. They repeat after an interruption. */
function brokenIndexBuild(name: string, sql: string, commitsInSteps: boolean): string[] {
  const built = Array.from(
    sql.matchAll(/\bcreate (?:unique )?index concurrently "(\w+)"/g),
    ([, index = '']) => index,
  );
  if (!INDEX_BUILD.test(name)) {
    return built.length > 0
      ? ['builds an index concurrently, but its name does not end with _concurrently']
      : [];
  }
  const others = sql
    .split(/[;\n]/)
    .some(
      (statement) =>
        statement.trim() !== '' && !/\b(?:index concurrently|validate constraint)\b/.test(statement),
    );
  return [
    ...(built.length === 0 || others
      ? ['must only build indexes concurrently and validate constraints']
      : []),
    ...(commitsInSteps ? [] : ['runs in a transaction, in which no index can be built concurrently']),
    ...built
      .filter((index) => !sql.includes(`drop index concurrently if exists "${index}"`))
      .map((index) => `does not drop the invalid index ${index} that an interrupted build leaves`),
  ];
}
