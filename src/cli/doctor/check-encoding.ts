import type pg from 'pg';
import { ENCODING_QUERY, encodingProblem } from '../../database/encoding.js';
import { type Finding, failed, ok, warning } from './check.js';
import { onlyRow } from './only-row.js';

/** Whether the database can store every customer's text, and search all of it by its index. */
export async function encodingOf(client: pg.Client): Promise<Finding> {
  const { encoding } = await onlyRow<{ encoding: string }>(client, ENCODING_QUERY);
  const problem = encodingProblem(encoding);
  if (problem !== undefined) return failed(problem);
  // pg_trgm asks the C library what a letter is, even if the database's locale has another provider. The embedded server, which
  // has the builtin provider, has no other LC_CTYPE on every platform.
  const { knowsAsciiOnly } = await onlyRow<{ knowsAsciiOnly: boolean }>(
    client,
    `select datctype in ('C', 'POSIX') and datlocprovider <> 'b' as "knowsAsciiOnly"
     from pg_database where datname = current_database()`,
  );
  if (!knowsAsciiOnly) return ok('The database uses encoding UTF8.');
  return warning(
    `The database uses encoding UTF8, but its LC_CTYPE supports ASCII letters only, so a search for other letters cannot use the index and reads all customers of the team. Create a new database with LC_CTYPE 'C.UTF-8' TEMPLATE template0.`,
  );
}
