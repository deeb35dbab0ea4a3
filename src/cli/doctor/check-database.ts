import type pg from 'pg';
import { type Config } from '../../config/config.js';
import { withConnection } from '../../database/connection.js';
import { findEmbeddedPostgres } from '../../database/embedded-postgres.js';
import { messageOf } from '../../errors/message-of.js';
import { WORKER_CONNECTIONS } from '../../webhooks/limits.js';
import { type Check, check, type Finding, failed, ok, warning } from './check.js';
import { compareClock } from './check-clock.js';
import { checkContent } from './check-content.js';
import { encodingOf } from './check-encoding.js';
import { encryptionOf } from './check-encryption.js';
import { checkPooler } from './check-pooler.js';
import { versionFinding } from './check-version.js';
import { EXTENSIONS } from './extensions.js';
import { onlyRow } from './only-row.js';

const UNREACHABLE = 'Check DATABASE_URL, and that PostgreSQL is running and accepts this account.';

/** Checks the database and its content. Starts nothing and changes nothing. */
export async function checkDatabase(config: Config): Promise<Check[]> {
  const { databaseUrl, dataDir } = config;
  let url: string | undefined;
  try {
    url = databaseUrl ?? (await findEmbeddedPostgres(dataDir));
  } catch (error) {
    return [
      { check: 'database', ...failed(`${messageOf(error)}. Run this command as the gateway's account.`) },
    ];
  }
  if (url !== undefined) return checkServer(config, url);
  const message = `No gateway is running on ${dataDir}, so its embedded PostgreSQL is stopped and was not checked. Start the gateway, or set DATABASE_URL.`;
  return [{ check: 'database', ...warning(message) }];
}

async function checkServer(config: Config, url: string): Promise<Check[]> {
  const { waitMs, statementTimeoutMs } = config.databasePool;
  const deadlines = { connectionTimeoutMillis: waitMs, query_timeout: statementTimeoutMs };
  const toleranceMs = config.signatureToleranceSeconds * 1_000;
  try {
    // Each check reports its own failure.
    return await withConnection(url, deadlines, async (client) => [
      await check('database', () => serverOf(client)),
      await check('database TLS', async () => encryptionOf(client)),
      ...(await checkPooler(config, url, client)),
      await check('database durability', () => durabilityOf(client)),
      await check('database connections', () => connectionsOf(client, config)),
      await check('database encoding', () => encodingOf(client)),
      await check('database extensions', () => extensionsOf(client)),
      await check('database clock', () => compareClock('the database', () => timeOf(client), toleranceMs)),
      ...(await checkContent(config, url, client)),
    ]);
  } catch (error) {
    return [{ check: 'database', ...failed(`${messageOf(error)}. ${UNREACHABLE}`) }];
  }
}

async function serverOf(client: pg.Client): Promise<Finding> {
  const { version, readOnly } = await onlyRow<{ version: string; readOnly: boolean }>(
    client,
    `select current_setting('server_version') as version,
       pg_is_in_recovery() or current_setting('default_transaction_read_only') = 'on' as "readOnly"`,
  );
  if (readOnly)
    return failed(`PostgreSQL ${version} does not accept writes. DATABASE_URL must point to the primary.`);
  return versionFinding(version);
}

async function durabilityOf(client: pg.Client): Promise<Finding> {
  const settings = await onlyRow<Record<'fsync' | 'synchronous_commit' | 'full_page_writes', string>>(
    client,
    `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as synchronous_commit,
       current_setting('full_page_writes') as full_page_writes`,
  );
  const off = Object.entries(settings).flatMap(([name, value]) => (value === 'off' ? [name] : []));
  if (off.length === 0) return ok('Committed transactions survive a crash of the server.');
  return warning(`A crash of the server can lose committed transactions. Turn on ${off.join(', ')}.`);
}

async function connectionsOf(
  client: pg.Client,
  { databasePool, webhooks }: Pick<Config, 'databasePool' | 'webhooks'>,
): Promise<Finding> {
  const { used, max } = await onlyRow<{ used: number; max: number }>(
    client,
    `select (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as used,
       current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
         - coalesce(current_setting('reserved_connections', true)::int, 0) as max`,
  );
  const isPooled = databasePool.pooler !== undefined;
  const ofWebhooks = webhooks.deliver ? WORKER_CONNECTIONS : 0;
  const needed = ofWebhooks + (isPooled ? 0 : databasePool.max);
  const uses = webhooks.deliver ? `DATABASE_POOL_MAX and ${ofWebhooks} for webhooks` : 'DATABASE_POOL_MAX';
  const which = isPooled ? 'beside those of the pooler' : `(${uses})`;
  const found = `${used} of ${max} connections are in use; a gateway uses up to ${needed} ${which}`;
  if (max - used >= needed) return ok(`${found}.`);
  return warning(
    `${found}, more than the number available. Raise max_connections, or lower DATABASE_POOL_MAX.`,
  );
}

async function extensionsOf(client: pg.Client): Promise<Finding> {
  const { rows } = await client.query<{ name: string; installed: boolean }>(
    'select name, installed_version is not null as installed from pg_available_extensions where name = any($1)',
    [EXTENSIONS],
  );
  const missing = EXTENSIONS.filter((name) => !rows.some((row) => row.name === name));
  if (missing.length > 0) {
    return failed(`The server does not provide ${missing.join(', ')}. Install PostgreSQL's contrib modules.`);
  }
  const state = rows.every(({ installed }) => installed)
    ? 'are installed'
    : 'are available; the migrations create them';
  return ok(`${EXTENSIONS.join(' and ')} ${state}.`);
}

/** The server's time, in ms since the epoch. */
async function timeOf(client: pg.Client): Promise<number> {
  const text = 'select extract(epoch from clock_timestamp())::float8 * 1000 as now';
  return (await onlyRow<{ now: number }>(client, text)).now;
}
