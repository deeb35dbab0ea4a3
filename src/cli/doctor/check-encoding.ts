import type pg from 'pg';
import { type Finding, failed, ok, warning } from './check.js';
import { onlyRow } from './only-row.js';

/** Whether the database can store every customer's text, and ignores the case of every letter. */
export async function encodingOf(client: pg.Client): Promise<Finding> {
  const { encoding } = await onlyRow<{ encoding: string }>(
    client,
    `select current_setting('server_encoding') as encoding`,
  );
  if (encoding !== 'UTF8') {
    return failed(
      `The database uses encoding ${encoding}; UTF8 is required. Create a new database with ENCODING 'UTF8' TEMPLATE template0.`,
    );
  }
  // Asks for É and é; the provider and the name of the locale do not tell.
  const { foldsCase } = await onlyRow<{ foldsCase: boolean }>(
    client,
    `select lower(chr(201)) = chr(233) as "foldsCase"`,
  );
  if (foldsCase) return ok('The database uses encoding UTF8 and ignores the case of every letter.');
  return warning(
    `The locale of the database ignores the case of ASCII letters only, so searches and emails with other letters depend on case. Create a new database with LOCALE 'C.UTF-8' TEMPLATE template0.`,
  );
}
