import type pg from 'pg';

/** The timeouts that PostgreSQL applies to a connection, in ms. 0 is none. */
export interface EffectiveTimeouts {
  readonly statementMs: number;
  readonly idleInTransactionMs: number;
}

/** Reads the timeouts that the statements of a connection have. */
export async function effectiveTimeouts(client: Pick<pg.ClientBase, 'query'>): Promise<EffectiveTimeouts> {
  const { rows } = await client.query<{ name: string; ms: number }>(
    `select name, setting::int as ms from pg_settings
     where name in ('statement_timeout', 'idle_in_transaction_session_timeout')`,
  );
  const timeout = (name: string) => rows.find((row) => row.name === name)?.ms ?? 0;
  return {
    statementMs: timeout('statement_timeout'),
    idleInTransactionMs: timeout('idle_in_transaction_session_timeout'),
  };
}
