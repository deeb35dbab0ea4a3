/** SQL: the encoding of the connected database, as `encoding`. */
export const ENCODING_QUERY = `select current_setting('server_encoding') as encoding`;

/** What is wrong with a database of this encoding, and what to do, or undefined. */
export function encodingProblem(encoding: string): string | undefined {
  if (encoding === 'UTF8') return undefined;
  return `The database uses encoding ${encoding}; UTF8 is required. Create a new database with ENCODING 'UTF8' TEMPLATE template0.`;
}
