import pg from 'pg';

/** The text of all rows of each table, in lower case, by the table's name. */
export type Dump = ReadonlyMap<string, string>;

/** The first ID that PostgreSQL gives to an object which is not its own (`FirstNormalObjectId`). */
const FIRST_ID = 16_384;

/** PostgreSQL's own tables that keep values of others. */
const WITH_VALUES = ['pg_statistic', 'pg_statistic_ext_data', 'pg_largeobject'];

/** Reads every table of every schema of a database, and those tables of PostgreSQL that keep their values. */
export async function dumpDatabase(databaseUrl: string): Promise<Dump> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const tables = await client.query<{ name: string }>(
      `select oid::regclass::text as name from pg_class where relkind in ('r', 'm') and relpersistence <> 't'
         and (oid >= ${FIRST_ID} or relname = any($1))`,
      [WITH_VALUES],
    );
    const dump = new Map<string, string>();
    for (const { name } of tables.rows) {
      const { rows } = await client.query<{ text: string | null }>(
        `select string_agg(line::text, E'\\n') as text from ${name} as line`,
      );
      dump.set(name, rows[0]?.text?.toLowerCase() ?? '');
    }
    return dump;
  } finally {
    await client.end();
  }
}

/** The tables with a value: as text without regard to case, or in hex or base64, as `bytea` and JSON may have it. */
export function tablesWith(dump: Dump, value: string): string[] {
  const forms = [value, value.toLowerCase()].flatMap((text) => [
    text,
    Buffer.from(text).toString('hex'),
    ...base64Forms(text),
  ]);
  const folded = new Set(forms.map((form) => form.toLowerCase()));
  return [...dump]
    .filter(([, text]) => [...folded].some((form) => text.includes(form)))
    .map(([name]) => name);
}

/** What base64 has of a text at each of three offsets, without the characters that depend on its neighbors. */
function base64Forms(text: string): string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]).toString('base64url');
    return encoded.slice(Math.ceil((offset * 4) / 3), -2);
  });
}
