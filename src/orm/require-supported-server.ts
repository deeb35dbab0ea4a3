import type pg from 'pg';
import { encodingProblem } from '../database/encoding.js';
import { versionProblem } from '../database/server-version.js';
import { StartError } from '../errors/start-error.js';

/** @throws {StartError} if the server is older than PostgreSQL 15, or the encoding of the database is not UTF8. */
export async function requireSupportedServer(client: Pick<pg.ClientBase, 'query'>): Promise<void> {
  const { rows } = await client.query<{ version: string; encoding: string }>(
    `select current_setting('server_version') as version, current_setting('server_encoding') as encoding`,
  );
  const [{ version, encoding } = { version: 'unknown', encoding: 'unknown' }] = rows;
  const problem = versionProblem(version) ?? encodingProblem(encoding);
  if (problem !== undefined) throw new StartError(problem);
}
