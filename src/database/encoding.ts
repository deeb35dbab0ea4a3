/** SQL: the encoding of the connected database, as `encoding`. */
export const ENCODING_QUERY = `select current_setting('server_encoding') as encoding`;

/** The error message for a database of this encoding; undefined for UTF8. */
export function encodingProblem(encoding: string): string | undefined {
  if (encoding === 'UTF8') return undefined;
  return `The database uses encoding ${encoding}; UTF8 is required. Create a new database with ENCODING 'UTF8' TEMPLATE template0.`;
}
