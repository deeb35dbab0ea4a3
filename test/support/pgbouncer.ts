import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { query } from './database.js';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';
import { startProgram, temporaryFolder } from './process.js';

/** The minor version of PgBouncer 1 that introduced prepared statements in transaction mode. */
const PREPARES_SINCE = 21;

/** A real PgBouncer with the configuration of `deploy/pgbouncer.ini`. */
export interface PgBouncer {
  /** The address of the database through it. */
  readonly url: string;
  /** Whether this version supports prepared statements. */
  readonly preparesStatements: boolean;
  /** Closes its connections to PostgreSQL, so that new ones have the settings that a role has now. */
  reconnect(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts PgBouncer in front of a database, which clients find under the name of the configuration.
 *
 * @param connections - its connections to PostgreSQL.
 */
export async function startPgBouncer(databaseUrl: string, connections: number): Promise<PgBouncer> {
  const folder = await temporaryFolder();
  const [config, users] = [join(folder.path, 'pgbouncer.ini'), join(folder.path, 'userlist.txt')];
  const server = new URL(databaseUrl);
  const port = await freePort();
  const minor = Number(
    /PgBouncer 1\.(\d+)/.exec(spawnSync('pgbouncer', ['--version']).stdout.toString())?.[1],
  );
  const preparesStatements = minor >= PREPARES_SINCE;

  let text = await readFile('deploy/pgbouncer.ini', 'utf8');
  const replace = (from: string, to: string) => {
    if (!text.includes(from)) throw new Error(`deploy/pgbouncer.ini has no ${from}`);
    text = text.replace(from, to);
  };
  replace('port=5432', `port=${server.port}`);
  replace('dbname=customer_gateway', `dbname=${server.pathname.slice(1)}`);
  replace('listen_port = 6432', `listen_port = ${port}`);
  replace('/etc/pgbouncer/userlist.txt', users);
  replace('default_pool_size = 20', `default_pool_size = ${connections}`);
  // Before the gateway closes the connection, as in production with the default timeouts.
  replace('query_wait_timeout = 2', 'query_wait_timeout = 1');
  if (preparesStatements) replace(';max_prepared_statements', 'max_prepared_statements');
  await writeFile(config, `${text}\nadmin_users = ${server.username}\n`);
  await writeFile(users, `"${server.username}" "${server.password}"\n`);
  // As root, PgBouncer changes to another account.
  await chmod(folder.path, 0o755);
  const account = process.getuid?.() === 0 ? ['--user=nobody'] : [];
  const { child, finished } = startProgram('pgbouncer', ['--quiet', ...account, config]);

  const url = new URL(databaseUrl);
  url.port = String(port);
  url.pathname = '/customer_gateway';
  const admin = new URL(url);
  admin.pathname = '/pgbouncer';
  const close = async () => {
    child.kill('SIGQUIT');
    if (child.exitCode === null) await once(child, 'close');
    await folder.remove();
  };
  const answers = () =>
    query(url.href, 'select 1').then(
      () => true,
      () => child.exitCode !== null,
    );
  await eventually('PgBouncer answers', answers);
  if (child.exitCode !== null) throw new Error(`PgBouncer ended: ${(await finished).stderr}`);
  return {
    url: url.href,
    preparesStatements,
    reconnect: async () => {
      await query(admin.href, 'reconnect');
    },
    close,
  };
}
