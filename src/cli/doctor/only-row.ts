import type pg from 'pg';

/** The one row that a statement gives. @throws when it gives none. */
export async function onlyRow<Row extends pg.QueryResultRow>(client: pg.Client, text: string): Promise<Row> {
  const { rows } = await client.query<Row>(text);
  if (!rows[0]) throw new Error('PostgreSQL returned no row');
  return rows[0];
}
