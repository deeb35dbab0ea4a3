import { randomBytes } from 'node:crypto';
import { chown, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type EmbeddedPostgres } from '../../src/database/embedded-postgres.js';
import { serverAccount } from '../../src/database/server-account.js';
import { query } from './database.js';
import { freePort } from './free-port.js';
import { temporaryFolder } from './process.js';

const USER = 'gateway';

/** A program of the package of `test/postgres-versions` with a major version of PostgreSQL. */
export const versionProgram = (major: number, program: 'initdb' | 'pg_ctl'): string =>
  resolve(`test/postgres-versions/node_modules/postgres-${major}/native/bin/${program}`);

/** Starts a server of a major version, with an empty database. `stop` also removes its files. */
export async function startPostgresVersion(
  major: number,
  settings: Readonly<Record<string, string>> = {},
): Promise<EmbeddedPostgres> {
  const folder = await temporaryFolder();
  const [cluster, passwordFile] = [join(folder.path, 'postgres'), join(folder.path, 'password')];
  const password = randomBytes(16).toString('hex');
  const account = await serverAccount([folder.path, versionProgram(major, 'initdb')]);
  await writeFile(passwordFile, password);
  if (account.owner) {
    await chown(folder.path, account.owner.uid, account.owner.gid);
    await chown(passwordFile, account.owner.uid, account.owner.gid);
  }
  await account.run(versionProgram(major, 'initdb'), [
    `--pgdata=${cluster}`,
    `--username=${USER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
  ]);
  const port = await freePort();
  const all = { ...settings, port: String(port), listen_addresses: '127.0.0.1', unix_socket_directories: '' };
  const options = Object.entries(all).map(([name, value]) => `-c ${name}=${value}`);
  const control = (...args: string[]) =>
    account.run(versionProgram(major, 'pg_ctl'), [...args, '--wait', '-s', '-D', cluster]);
  await control('start', '-l', join(folder.path, 'server.log'), '-o', options.join(' '));
  const url = new URL(`postgresql://${USER}:${password}@127.0.0.1:${port}/postgres`);
  await query(url.href, `create database ${USER}`);
  url.pathname = `/${USER}`;
  return {
    url: url.href,
    async stop() {
      await control('stop', '-m', 'immediate');
      await folder.remove();
    },
  };
}
