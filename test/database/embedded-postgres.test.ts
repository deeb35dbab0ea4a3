import { existsSync } from 'node:fs';
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findEmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded-postgres.js';
import { codeBlock } from '../support/code-block.js';
import { query } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { openLocalGateway } from '../support/local-gateway.js';
import { holdMigrationLock } from '../support/migration-lock.js';
import { operator } from '../support/operator.js';
import { type GatewayProcess, run, spawnGateway, temporaryFolder } from '../support/process.js';
import { describeWith } from '../support/programs.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let gateway: GatewayProcess | undefined;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(async () => {
  await gateway?.stop('SIGTERM');
  await folder.remove();
});

const variables = () => ({ DATA_DIR: folder.path });
const pidFile = () => join(folder.path, 'postgres', 'postmaster.pid');
const serverId = async () => (await readFile(pidFile(), 'utf8')).split('\n')[0];
const serverRuns = () =>
  access(pidFile()).then(
    () => true,
    () => false,
  );
const isReady = async ({ url }: GatewayProcess) => (await fetch(new URL('/readyz', url))).status === 200;
/** The address of the server, which must run. */
const databaseUrl = async () => {
  const url = await findEmbeddedPostgres(folder.path);
  if (url === undefined) throw new Error('The server does not run');
  return url;
};
/** A command that uses the server until it is let go. It runs in this process, which no gateway does. */
async function startLongCommand() {
  const url = await databaseUrl();
  const release = await holdMigrationLock(url);
  const finished = operator(variables()).run('migrate');
  await eventually('the command waits for the lock', async () => {
    const asked = await query(
      url,
      "select 1 from pg_stat_activity where query like '%pg_try_advisory_lock%' and pid <> pg_backend_pid()",
    );
    // We hold it, the command asks for it.
    return asked.length === 2;
  });
  return { release, finished };
}

describe('the PostgreSQL of a data folder', () => {
  test('serves one of two gateways that start at the same moment; the other is refused', async () => {
    const both = [spawnGateway(variables()), spawnGateway(variables())];
    const started = await Promise.allSettled(both.map((each) => each.answers()));
    const [first, ...more] = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    expect(more).toEqual([]);
    expect(started.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const refused = both.find(({ child }) => child !== first?.child);
    expect(refused?.output()).toMatch(/^Another gateway is using the data folder .*\n$/);
    gateway = first;
    expect(gateway && (await isReady(gateway))).toBe(true);
  });

  test('goes on for a command when its gateway stops, and for a gateway that starts beside a command', async () => {
    const id = await serverId();
    const { release, finished } = await startLongCommand();
    expect((await gateway?.stop('SIGTERM'))?.code).toBe(0);
    expect(await serverId()).toBe(id);

    gateway = await spawnGateway(variables()).answers();
    await release();
    expect((await finished).code).toBe(0);
    expect(await isReady(gateway)).toBe(true);
    expect(await serverId()).toBe(id);
  });

  test('stops with the last process that uses it', async () => {
    const { release, finished } = await startLongCommand();
    expect((await gateway?.stop('SIGTERM'))?.code).toBe(0);
    expect(await serverRuns()).toBe(true);
    await release();
    expect((await finished).code).toBe(0);
    expect(await serverRuns()).toBe(false);
  });

  test('serves commands that start at the same moment, and stops after them', async () => {
    const admin = operator(variables());
    const finished = await Promise.all(
      ['A', 'B'].map((name) => admin.start('team', 'create', name).finished),
    );
    expect(finished.map(({ code, stderr }) => [code, stderr])).toEqual([0, 0].map((code) => [code, '']));
    expect(await serverRuns()).toBe(false);
  });
});

test('a start calls back while each program of PostgreSQL runs', async () => {
  const own = await temporaryFolder();
  const cluster = join(own.path, 'postgres');
  const found: boolean[][] = [];
  const look = () =>
    found.push(['PG_VERSION', 'postmaster.pid'].map((file) => existsSync(join(cluster, file))));
  try {
    const server = await startEmbeddedPostgres(own.path, { fsync: 'off' }, look);
    expect(found).toEqual([
      [false, false],
      [true, false],
    ]);
    await server.stop();
  } finally {
    await own.remove();
  }
});

describeWith('psql')('psql', () => {
  test('opens it by the command in the docs, also with the password as earlier releases kept it', async () => {
    const file = join(folder.path, 'postgres-password');
    const password = (await readFile(file, 'utf8')).trim();
    await writeFile(file, `${Buffer.from(password, 'hex').toString('base64')}\n`);
    const local = await openLocalGateway(variables()).answers();
    try {
      expect(await readFile(file, 'utf8')).toBe(`${password}\n`);

      const command = await codeBlock('docs/operations.md', 'bash');
      const typed = `echo 'select name from team order by name' | ${command}`;
      const { code, stdout, stderr } = await run('bash', ['-c', typed], variables());
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      // Once, so the demo client was kept as well.
      expect(stdout).toMatch(/^ A\n B\n Demo\n\(3 rows\)$/m);
    } finally {
      await local.close();
    }
  });
});
