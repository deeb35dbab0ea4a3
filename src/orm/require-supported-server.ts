import type pg from 'pg';
import { ENCODING_QUERY, encodingProblem } from '../database/encoding.js';
import { VERSION_QUERY, versionProblem } from '../database/server-version.js';
import { StartError } from '../errors/start-error.js';

/** @throws {StartError} if the server is older than PostgreSQL 15, or the encoding of the database is not UTF8. */
export async function requireSupportedServer(client: Pick<pg.ClientBase, 'query'>): Promise<void> {
  const [versions, encodings] = await Promise.all([
    client.query<{ version: string }>(VERSION_QUERY),
    client.query<{ encoding: string }>(ENCODING_QUERY),
  ]);
  const problem =
    versionProblem(versions.rows[0]?.version ?? 'unknown') ??
    encodingProblem(encodings.rows[0]?.encoding ?? 'unknown');
  if (problem !== undefined) throw new StartError(problem);
}
