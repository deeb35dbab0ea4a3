import type pg from 'pg';

type Queryable = Pick<pg.ClientBase, 'query'>;

/** Data that going back to an older schema deletes. */
export interface DataLoss {
  /** `table contact`, `column customer.notes` or `rows of idempotency_key`. */
  readonly what: string;
  /** Rows, or values that are not the default of the column. */
  readonly count: number;
}

const DROPPED_TABLE = /\bdrop table (?:if exists )?"(?<table>\w+)"/g;
const ALTERED_TABLE = /^\s*alter table "(?<table>\w+)"/;
const DROPPED_COLUMN = /\bdrop column (?:if exists )?"(?<column>\w+)"/g;
const DELETED_ROWS = /^\s*delete from "(?<table>\w+)" where (?<condition>[^;]+)/;

/** What a statement of a migration's `down` deletes. */
type Deletion =
  | { readonly table: string; readonly column?: undefined; readonly condition?: undefined }
  | { readonly table: string; readonly column: string; readonly condition?: undefined }
  | { readonly table: string; readonly column?: undefined; readonly condition: string };

/**
 * Counts what statements would delete. Reads each table that loses data once for each of its columns, without a limit.
 *
 * @param statements - of the `down` of migrations, which CONTRIBUTING.md ("Adding a migration") limits to these forms.
 */
export async function dataLosses(client: Queryable, statements: readonly string[]): Promise<DataLoss[]> {
  const deletions = statements.flatMap(deletionsOf);
  const dropped = new Set(deletions.flatMap((it) => (isTable(it) ? [it.table] : [])));
  const losses: DataLoss[] = [];
  for (const deletion of deletions) {
    if (!isTable(deletion) && dropped.has(deletion.table)) continue;
    const count = await countOf(client, deletion);
    if (count > 0) losses.push({ what: describe(deletion), count });
  }
  return losses;
}

/** Reads the deletions from the text of a statement. */
export function deletionsOf(statement: string): Deletion[] {
  const { table = '' } = ALTERED_TABLE.exec(statement)?.groups ?? {};
  const { table: emptied, condition } = DELETED_ROWS.exec(statement)?.groups ?? {};
  return [
    ...Array.from(statement.matchAll(DROPPED_TABLE), ({ groups }) => ({ table: groups?.['table'] ?? '' })),
    ...Array.from(statement.matchAll(DROPPED_COLUMN), ({ groups }) => ({
      table,
      column: groups?.['column'] ?? '',
    })),
    ...(emptied !== undefined && condition !== undefined ? [{ table: emptied, condition }] : []),
  ];
}

const isTable = ({ column, condition }: Deletion) => column === undefined && condition === undefined;

function describe({ table, column, condition }: Deletion): string {
  if (column !== undefined) return `column ${table}.${column}`;
  return condition === undefined ? `table ${table}` : `rows of ${table}`;
}

/** The names and conditions are those of migrations. */
async function countOf(client: Queryable, { table, column, condition }: Deletion): Promise<number> {
  if (column !== undefined) return countValues(client, table, column);
  const { rows } = await client.query<{ exists: boolean }>('select to_regclass($1) is not null as exists', [
    table,
  ]);
  if (rows[0]?.exists !== true) return 0;
  return countRows(client, `select count(*) from "${table}" where ${condition ?? 'true'}`);
}

/** Values that are not the column's default. 0 if there is no such column. */
async function countValues(client: Queryable, table: string, column: string): Promise<number> {
  const { rows } = await client.query<{ default: string | null }>(
    `select pg_get_expr(adbin, adrelid) as default from pg_attribute
     left join pg_attrdef on adrelid = attrelid and adnum = attnum
     where attrelid = to_regclass($1) and attname = $2 and not attisdropped`,
    [table, column],
  );
  const [found] = rows;
  if (!found) return 0;
  // As text, because json has no equality.
  return countRows(
    client,
    `select count(*) from "${table}" where "${column}"::text is distinct from (${found.default ?? 'null'})::text`,
  );
}

async function countRows(client: Queryable, statement: string): Promise<number> {
  const { rows } = await client.query<{ count: string }>(statement);
  return Number(rows[0]?.count ?? 0);
}
