import { resolve, sep } from 'node:path';
import { type Config, ConfigError } from './config/config.js';
import { DataFolderInUse } from './files/data-folder-lock.js';
import { PostgresFailure } from './database/postgres-programs.js';
import { firstLine, messageOf } from './errors/message-of.js';
import { StartError } from './errors/start-error.js';
import { asUnavailable } from './errors/unavailable.js';

interface Settings extends Pick<
  Config,
  'environment' | 'host' | 'port' | 'dataDir' | 'databaseUrl' | 'databaseDirectUrl'
> {
  /** The command that failed; by default `npm start`. */
  readonly command?: string;
}

const START = 'npm start';

/** Properties that Node and PostgreSQL's driver add to an error. */
interface Details {
  readonly code?: unknown;
  readonly syscall?: string;
  readonly path?: string;
  readonly hostname?: string;
}

/**
 * Explains why the gateway did not start, and what to do, for failures outside its code.
 *
 * @returns undefined for an unexpected error, which is reported with its stack.
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
    explainPooler(error) ??
    explainOutage(error)
  );
}

function explainFolderInUse({ folder }: DataFolderInUse, settings: Settings): string {
  const other =
    settings.environment === 'development'
      ? `start this one with DATA_DIR=.data-2 ${tryPort(settings)}`
      : 'set DATA_DIR to another folder';
  return `Another gateway is using the data folder ${folder}. Stop it, or ${other}.`;
}

function explainAddress(error: Error, { code, syscall, hostname }: Details, settings: Settings) {
  const { environment, host, port, command = START } = settings;
  const isDevelopment = environment === 'development';
  if (syscall === 'getaddrinfo' && hostname === host) {
    return `HOST ${host} cannot be resolved (${error.message}). Set HOST to an address of this machine, such as 127.0.0.1 or 0.0.0.0.`;
  }
  if (syscall !== 'listen' && syscall !== 'bind') return undefined;
  if (code === 'EADDRINUSE') {
    return `Port ${port} is in use; ${isDevelopment ? `try ${tryPort(settings)}` : 'set PORT to a free port'}.`;
  }
  if (code === 'EADDRNOTAVAIL' || code === 'EINVAL') {
    return `HOST ${host} is not an address of this machine. Set HOST to an address of this machine, such as 127.0.0.1 or 0.0.0.0.`;
  }
  if (code === 'EACCES') {
    return `This account has no permission to listen on port ${port}; ${isDevelopment ? `try PORT=4000 ${command}` : 'set PORT to 1024 or above'}.`;
  }
  return `The gateway cannot listen on HOST ${host}, PORT ${port}: ${error.message}.`;
}

/** The command to start on the next port. With port 0, the system chooses a free one. */
function tryPort({ port, command = START }: Settings): string {
  return port === 0 ? command : `PORT=${port < 65_535 ? port + 1 : 4000} ${command}`;
}

/** File system errors without a path come from writing to an open file, which is also in the data folder. */
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
      return `This account has no permission for ${path ?? folder}. Change the owner of ${folder} (chown -R), or set DATA_DIR to a writable folder.`;
    case 'EROFS':
      return `The data folder ${folder} is on a read-only file system. Set DATA_DIR to a writable folder.`;
    case 'EEXIST':
    case 'ENOTDIR':
      return `DATA_DIR ${folder} is not a folder (${error.message}). Set it to a folder.`;
    case 'EISDIR':
      return `The data folder ${folder} contains a folder where a file is expected (${error.message}). Remove it, or set DATA_DIR to a new folder.`;
    default:
      return undefined;
  }
}

const diskFull = (folder: string) =>
  `The disk of the data folder ${folder} is full. Free some space, or set DATA_DIR to a folder on another disk.`;

/** Handles SQLSTATEs of a server that rejects the login or has no disk space (PostgreSQL, appendix A). */
function explainLogin(
  { message }: Error,
  { code }: Details,
  { databaseUrl, databaseDirectUrl, dataDir }: Settings,
) {
  const variables = databaseDirectUrl === undefined ? 'DATABASE_URL' : 'DATABASE_URL or DATABASE_DIRECT_URL';
  const isEmbedded = databaseUrl === undefined;
  const folder = resolve(dataDir);
  switch (code) {
    case '53100':
      return isEmbedded ? diskFull(folder) : `The disk of PostgreSQL is full: ${message}.`;
    case '28P01':
    case '28000':
      return isEmbedded
        ? `The password in ${folder}/postgres-password does not match the database in ${folder}/postgres. Restore both from the same backup, or set DATA_DIR to a new folder.`
        : `PostgreSQL rejected the user or password in ${variables}: ${message}.`;
    case '3D000':
      return `The database in ${variables} does not exist: ${message}. Create it, or correct the address.`;
    default:
      return undefined;
  }
}

/** Explains PgBouncer's error for the timeouts that the gateway sends to PostgreSQL when it connects. */
export function explainPooler(error: unknown): string | undefined {
  const message = messageOf(error);
  if (!/unsupported (options )?startup parameter/.test(message)) return undefined;
  return `The database address is that of a connection pooler (${message}). Set DATABASE_DIRECT_URL to the address of PostgreSQL itself.`;
}

function explainOutage(error: Error): string | undefined {
  const outage = asUnavailable(error);
  return outage && `${outage.message}: ${messageOf(outage.cause)}`;
}

/** Explanations of PostgreSQL's output. The first match is used. */
const POSTGRES_FAILURES: readonly [RegExp, (failure: PostgresFailure, match: RegExpExecArray) => string][] = [
  [/No space left on device|Disk quota exceeded/, ({ cluster }) => diskFull(resolve(cluster, '..'))],
  [
    /initialized by PostgreSQL version (\d+),? which is not compatible with this version (\d+)/,
    ({ cluster }, [, made, ours]) =>
      `The database in ${cluster} was created by PostgreSQL ${made}, but this release contains PostgreSQL ${ours}. Export it with the release that created it (customer-gateway export), or set DATA_DIR to a new folder.`,
  ],
  [
    /has wrong ownership|must be started by the user that owns|Permission denied/,
    ({ cluster }) =>
      `The database in ${cluster} belongs to another account. Start the gateway as the account that created it, or set DATA_DIR to another folder.`,
  ],
  [
    /server does not shut down|lock file "postmaster\.pid" already exists/,
    ({ cluster }) =>
      `A PostgreSQL server is already running on the database in ${cluster} and rejects the gateway. Stop the process whose ID is in the first line of ${cluster}/postmaster.pid, and start again.`,
  ],
  [
    /has invalid permissions/,
    ({ cluster }) => `Other accounts can read the database in ${cluster}. Run: chmod -R go= ${cluster}`,
  ],
];

/** Explains why one of PostgreSQL's programs failed, and what to do. Unknown reasons are quoted. */
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
