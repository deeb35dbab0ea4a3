import { resolve, sep } from 'node:path';
import { type Config, ConfigError } from './config/config.js';
import { DataFolderInUse } from './files/data-folder-lock.js';
import { PostgresFailure } from './database/postgres-programs.js';
import { firstLine, messageOf } from './errors/message-of.js';
import { StartError } from './errors/start-error.js';
import { asUnavailable } from './errors/unavailable.js';

type Settings = Pick<Config, 'environment' | 'host' | 'port' | 'dataDir' | 'databaseUrl'>;

/** What Node and PostgreSQL's driver add to an error. */
interface Details {
  readonly code?: unknown;
  readonly syscall?: string;
  readonly path?: string;
  readonly hostname?: string;
}

/**
 * Why the gateway did not start, where that is no fault of its code: one sentence that says what to do.
 *
 * @returns undefined for an error that nobody expected: its stack is what helps.
 */
export function explainStartFailure(error: unknown, settings: Settings): string | undefined {
  if (error instanceof ConfigError || error instanceof StartError) return error.message;
  if (error instanceof DataFolderInUse) return explainFolderInUse(error, settings);
  if (error instanceof PostgresFailure) return explainPostgresFailure(error);
  if (!(error instanceof Error)) return undefined;
  const details: Error & Details = error;
  return (
    explainAddress(error, details, settings) ??
    explainDataFolder(error, details, settings) ??
    explainLogin(error, details, settings) ??
    explainOutage(error)
  );
}

function explainFolderInUse({ folder }: DataFolderInUse, { environment, port }: Settings): string {
  const other =
    environment === 'development'
      ? `start this one with DATA_DIR=.data-2 ${tryPort(port)}`
      : 'set DATA_DIR to another folder';
  return `A gateway already uses the data folder ${folder}: stop it, or ${other}.`;
}

function explainAddress(error: Error, { code, syscall, hostname }: Details, settings: Settings) {
  const { environment, host, port } = settings;
  const isDevelopment = environment === 'development';
  if (syscall === 'getaddrinfo' && hostname === host) {
    return `HOST ${host} is not a name that this machine can resolve (${error.message}): set HOST to an address of this machine, such as 127.0.0.1 or 0.0.0.0.`;
  }
  if (syscall !== 'listen' && syscall !== 'bind') return undefined;
  if (code === 'EADDRINUSE') {
    return `Port ${port} is in use; ${isDevelopment ? `try ${tryPort(port)}` : 'set PORT to a free port'}.`;
  }
  if (code === 'EADDRNOTAVAIL' || code === 'EINVAL') {
    return `HOST ${host} is not an address of this machine: set HOST to one that is, such as 127.0.0.1 or 0.0.0.0.`;
  }
  if (code === 'EACCES') {
    return `This account may not listen on port ${port}; ${isDevelopment ? 'try PORT=4000 npm start' : 'set PORT to 1024 or above'}.`;
  }
  return `The gateway cannot listen on HOST ${host}, PORT ${port}: ${error.message}.`;
}

/** How to start on the next port. Port 0 takes a free one anyway. */
function tryPort(port: number): string {
  return port === 0 ? 'npm start' : `PORT=${port < 65_535 ? port + 1 : 4000} npm start`;
}

/** Errors of the file system that have no path come from writing to an open file, which is in the data folder too. */
function explainDataFolder(error: Error, { code, path, syscall }: Details, { dataDir }: Settings) {
  const folder = resolve(dataDir);
  if (syscall === undefined || (path !== undefined && !`${resolve(path)}${sep}`.startsWith(folder + sep))) {
    return undefined;
  }
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return diskFull(folder);
    case 'EACCES':
    case 'EPERM':
      return `This account has no permission for ${path ?? folder}: give it the folder ${folder} (chown -R), or set DATA_DIR to a folder that it may write to.`;
    case 'EROFS':
      return `The data folder ${folder} is on a read-only file system: set DATA_DIR to a folder that can be written to.`;
    case 'EEXIST':
    case 'ENOTDIR':
      return `DATA_DIR ${folder} is not a folder (${error.message}): set it to a folder.`;
    case 'EISDIR':
      return `The data folder ${folder} has a folder in place of a file (${error.message}): remove it, or set DATA_DIR to a new folder.`;
    default:
      return undefined;
  }
}

const diskFull = (folder: string) =>
  `The disk with the data folder ${folder} is full: free space on it, or set DATA_DIR to a folder on another disk.`;

/** SQLSTATEs of a server that answers and does not let the gateway in, or has no space (PostgreSQL, appendix A). */
function explainLogin({ message }: Error, { code }: Details, { databaseUrl, dataDir }: Settings) {
  const isEmbedded = databaseUrl === undefined;
  const folder = resolve(dataDir);
  switch (code) {
    case '53100':
      return isEmbedded ? diskFull(folder) : `The disk of PostgreSQL is full: ${message}.`;
    case '28P01':
    case '28000':
      return isEmbedded
        ? `The password in ${folder}/postgres-password is not that of the database in ${folder}/postgres: restore both from one backup, or set DATA_DIR to a new folder.`
        : `PostgreSQL does not accept the user or password in DATABASE_URL: ${message}.`;
    case '3D000':
      return `PostgreSQL has no such database: ${message}; create it, or correct DATABASE_URL.`;
    default:
      return undefined;
  }
}

function explainOutage(error: Error): string | undefined {
  const outage = asUnavailable(error);
  return outage && `${outage.message}: ${messageOf(outage.cause)}`;
}

/** What PostgreSQL writes, and what it means. The first that fits counts. */
const POSTGRES_FAILURES: readonly [RegExp, (failure: PostgresFailure, match: RegExpExecArray) => string][] = [
  [/No space left on device|Disk quota exceeded/, ({ cluster }) => diskFull(resolve(cluster, '..'))],
  [
    /initialized by PostgreSQL version (\d+),? which is not compatible with this version (\d+)/,
    ({ cluster }, [, made, ours]) =>
      `The database in ${cluster} was created by PostgreSQL ${made}, and this release comes with PostgreSQL ${ours}: export it with the release that created it (customer-gateway export), or set DATA_DIR to a new folder.`,
  ],
  [
    /has wrong ownership|must be started by the user that owns|Permission denied/,
    ({ cluster }) =>
      `The database in ${cluster} belongs to another account: start the gateway as the account that created it, or set DATA_DIR to another folder.`,
  ],
  [
    /server does not shut down|lock file "postmaster\.pid" already exists/,
    ({ cluster }) =>
      `A PostgreSQL server runs on the database in ${cluster} and does not let the gateway in: end the process in the first line of ${cluster}/postmaster.pid, and start again.`,
  ],
  [
    /has invalid permissions/,
    ({ cluster }) => `Other accounts may read the database in ${cluster}: run chmod -R go= ${cluster}.`,
  ],
];

/** Why one of PostgreSQL's programs failed, and what to do. A reason that is not known is quoted. */
export function explainPostgresFailure(failure: PostgresFailure): string {
  const { program, cluster, output } = failure;
  for (const [pattern, explain] of POSTGRES_FAILURES) {
    const match = pattern.exec(output);
    if (match) return explain(failure, match);
  }
  const reason =
    /(?:FATAL|PANIC|error): +(.*)/.exec(output)?.[1] ?? firstLine(output.trim() || messageOf(failure.cause));
  return program === 'initdb'
    ? `The embedded PostgreSQL could not create its database in ${cluster}: ${reason}.`
    : `The embedded PostgreSQL does not start on ${cluster}: ${reason}. Restore ${resolve(cluster, '..')} from a backup, or set DATA_DIR to a new folder; ${cluster}/server.log has the details.`;
}
