import pg from 'pg';
import { type Config } from '../../config/config.js';
import { isPooled, withConnection } from '../../database/connection.js';
import { effectiveTimeouts } from '../../database/effective-timeouts.js';
import { type Check, check, type Finding, failed, ok, warning } from './check.js';
import { onlyRow } from './only-row.js';
import { type Pooler, probePooler } from './probe-pooler.js';

type PoolerConfig = Pick<Config, 'databasePool' | 'databaseDirectUrl'>;

/**
 * Checks how the gateway uses a connection pooler, and that its direct address is the same database.
 *
 * @param client - is connected to `url`.
 * @returns nothing if the address is that of PostgreSQL itself, as configured.
 */
export async function checkPooler(
  { databaseDirectUrl, databasePool }: PoolerConfig,
  url: string,
  client: pg.Client,
): Promise<Check[]> {
  const { waitMs, statementTimeoutMs, pooler: settings } = databasePool;
  const deadlines = { connectionTimeoutMillis: waitMs, query_timeout: statementTimeoutMs };
  let pooler: Pooler | undefined;
  const address = await check('connection pooler', async () => {
    pooler = await probePooler(url, deadlines);
    return addressFinding(pooler, databaseDirectUrl);
  });
  if (databaseDirectUrl === undefined) return address.state === 'ok' ? [] : [address];
  return [
    address,
    { check: 'prepared statements', ...preparedFinding(pooler, settings?.preparedStatements === true) },
    await check('database timeouts', () => timeoutsOf(client, statementTimeoutMs)),
    await check(
      'database direct address',
      () => withConnection(databaseDirectUrl, deadlines, (direct) => directAddressOf(direct, client)),
      'Check DATABASE_DIRECT_URL.',
    ),
  ];
}

function addressFinding(pooler: Pooler | undefined, directUrl: string | undefined): Finding {
  if (pooler && directUrl === undefined) {
    return failed(
      'DATABASE_URL is the address of a connection pooler. Set DATABASE_DIRECT_URL to the address of PostgreSQL itself, for migrations, webhooks and commands.',
    );
  }
  if (!pooler && directUrl !== undefined) {
    return warning(
      'DATABASE_DIRECT_URL is set, but DATABASE_URL is the address of PostgreSQL itself. Remove DATABASE_DIRECT_URL: with it, each list takes two more round trips, and the timeouts of the role apply.',
    );
  }
  return ok(`DATABASE_URL is the address of ${pooler ? 'a connection pooler' : 'PostgreSQL itself'}.`);
}

function preparedFinding(pooler: Pooler | undefined, isOn: boolean): Finding {
  if (!isOn) return ok('Statements are not prepared (DATABASE_PREPARED_STATEMENTS is off).');
  if (!pooler) return ok('PostgreSQL keeps the prepared statements of each connection.');
  if (pooler.preparedStatements === undefined) {
    return warning(
      'Whether the connection pooler supports prepared statements was not found out: it does not share connections, or is busy. Run this command again.',
    );
  }
  if (pooler.preparedStatements) return ok('The connection pooler supports prepared statements.');
  return failed(
    'The connection pooler does not support prepared statements, so statements fail. Set max_prepared_statements of PgBouncer 1.21 or later, or set DATABASE_PREPARED_STATEMENTS=off.',
  );
}

/** Whether the statements that go through the pooler end in the time that the gateway waits for them. */
async function timeoutsOf(client: pg.Client, statementTimeoutMs: number): Promise<Finding> {
  const { statementMs, idleInTransactionMs } = await effectiveTimeouts(client);
  const missing = [
    ...(statementMs === 0 ? ['statement_timeout'] : []),
    ...(idleInTransactionMs === 0 ? ['idle_in_transaction_session_timeout'] : []),
  ];
  if (missing.length > 0) {
    const { role, database } = await onlyRow<{ role: string; database: string }>(
      client,
      'select quote_ident(current_user) as role, quote_ident(current_database()) as database',
    );
    const statements = missing.map(
      (name) => `ALTER ROLE ${role} IN DATABASE ${database} SET ${name} = '${statementTimeoutMs}ms';`,
    );
    return failed(
      `Connections of the pooler have no ${missing.join(' and ')}. Run: ${statements.join(' ')} Then have the pooler connect again (PgBouncer: RECONNECT).`,
    );
  }
  const found = `Connections of the pooler have a statement_timeout of ${statementMs} ms and an idle_in_transaction_session_timeout of ${idleInTransactionMs} ms`;
  if (statementMs <= statementTimeoutMs) return ok(`${found}.`);
  return warning(
    `${found}, but the gateway waits for ${statementTimeoutMs} ms (DATABASE_STATEMENT_TIMEOUT_MS). Set both to the same time.`,
  );
}

/** Whether the direct address is that of PostgreSQL itself, and of the same database. */
async function directAddressOf(direct: pg.Client, client: pg.Client): Promise<Finding> {
  if (await isPooled(direct)) {
    return failed(
      'DATABASE_DIRECT_URL is the address of a connection pooler. Set it to the address of PostgreSQL itself.',
    );
  }
  if ((await identityOf(direct)) !== (await identityOf(client))) {
    return failed('DATABASE_DIRECT_URL and DATABASE_URL lead to different databases.');
  }
  return ok('DATABASE_DIRECT_URL leads to the same database as DATABASE_URL.');
}

/** Identifies the connected database among all databases of all servers. */
async function identityOf(client: pg.Client): Promise<string> {
  const { identity } = await onlyRow<{ identity: string }>(
    client,
    `select concat_ws(' ', oid, extract(epoch from pg_postmaster_start_time())) as identity
     from pg_database where datname = current_database()`,
  );
  return identity;
}
