import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { isPooled, withConnection } from '../../database/connection.js';

/** Other clients of the pooler can take the server connection between the two transactions of a try. */
const TRIES = 5;

/** What is known of the pooler behind an address. */
export interface Pooler {
  /** Whether it supports prepared statements. Undefined if the pool was too busy to find out, or the pooler is in session mode. */
  readonly preparedStatements: boolean | undefined;
}

/**
 * Finds out whether an address is that of a connection pooler, and whether the pooler keeps prepared statements apart: of two
 * clients, the second looks on the first one's server connection for a statement that the first one prepared. A pooler that supports
 * prepared statements gives it another name there.
 *
 * @returns undefined for the address of PostgreSQL itself.
 */
export function probePooler(url: string, deadlines: pg.ClientConfig): Promise<Pooler | undefined> {
  return withConnection(url, deadlines, async (first) => {
    if (!(await isPooled(first))) return undefined;
    return withConnection(url, deadlines, async (second) => {
      for (let tries = 0; tries < TRIES; tries += 1) {
        const name = `doctor_${randomUUID()}`;
        const prepared = await first.query<{ pid: number }>({ name, text: 'select pg_backend_pid() as pid' });
        const seen = await lookFor(name, second);
        if (seen.pid === prepared.rows[0]?.pid) return { preparedStatements: !seen.isThere };
      }
      return { preparedStatements: undefined };
    });
  });
}

/** Looks for a prepared statement in one transaction, and removes it. */
async function lookFor(name: string, client: pg.Client): Promise<{ pid: number; isThere: boolean }> {
  await client.query('begin');
  const { rows } = await client.query<{ pid: number; isThere: boolean }>(
    `select pg_backend_pid() as pid, exists (select from pg_prepared_statements where name = $1) as "isThere"`,
    [name],
  );
  const [row = { pid: 0, isThere: false }] = rows;
  if (row.isThere) await client.query(`deallocate ${pg.escapeIdentifier(name)}`);
  await client.query('commit');
  return row;
}
