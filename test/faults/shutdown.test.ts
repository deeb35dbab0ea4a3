import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { newCustomer } from '../support/customers.js';
import { emptyDatabase, migratedDatabase } from '../support/database.js';
import { type DemoGateway, startDemoGateway } from '../support/demo-gateway.js';
import { eventually } from '../support/eventually.js';
import { holdMigrationLock } from '../support/migration-lock.js';
import { CREATE_CUSTOMER } from '../support/operations.js';
import { spawnGateway, temporaryFolder } from '../support/process.js';
import { sharedResources } from '../support/resources.js';
import { lockTable } from '../support/table-lock.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let databaseUrl: string;
const resources = sharedResources();
beforeAll(async () => {
  folder = resources.adopt(await temporaryFolder(), (it) => it.remove());
  databaseUrl = await migratedDatabase();
});

const create = (gateway: DemoGateway) => gateway.client.send(CREATE_CUSTOMER, { input: newCustomer() });

/** Whether a new connection is still taken. */
const listens = (gateway: DemoGateway) =>
  gateway.status('/healthz').then(
    () => true,
    () => false,
  );

describe('after a stop signal, a gateway', () => {
  let gateway: DemoGateway;
  const start = async (delaySeconds: number) => {
    gateway = await startDemoGateway(folder.path, {
      DATABASE_URL: databaseUrl,
      SHUTDOWN_DELAY_SECONDS: String(delaySeconds),
    });
  };

  test('finishes a request that is under way, ends its connection and exits 0', async () => {
    await start(0);
    const lock = await lockTable(databaseUrl);
    const call = create(gateway);
    await lock.waitedForBy(1);
    const ended = gateway.stop('SIGTERM');
    await eventually('it takes no connections', async () => !(await listens(gateway)));
    expect(await lock.waiting()).toHaveLength(1);
    await lock.release();

    const answer = await call;
    expect(answer.json.data.createCustomer.__typename).toBe('Created');
    expect(answer.headers['connection']).toBe('close');
    expect((await ended).code).toBe(0);
  });

  // Both in one, with connections at rest when the requests are done: each stop is a start as well.
  test('says that it is not ready before it takes no more requests, answers those in full, and does not wait for a connection that asks nothing, or not all of it', async () => {
    await start(1);
    const { hostname, port } = new URL(gateway.url);
    const silent = connect(Number(port), hostname);
    const slow = connect(Number(port), hostname);
    await Promise.all([once(silent, 'connect'), once(slow, 'connect')]);
    slow.write('POST /graphql HTTP/1.1\r\nHost: ');
    const kept = new Agent({ keepAlive: true, maxSockets: 1 });
    const overKept = async (path: string) => {
      const sent = request(new URL(path, gateway.url), { agent: kept }).end();
      const [answer] = await once(sent, 'response');
      answer.resume();
      await once(answer, 'end');
      return { status: answer.statusCode, reused: sent.reusedSocket, connection: answer.headers.connection };
    };
    // What is asked after them is answered after they have come.
    expect(await overKept('/readyz')).toEqual({ status: 200, reused: false, connection: 'keep-alive' });
    const ended = gateway.stop('SIGTERM');
    await eventually('it is not ready', async () => (await gateway.status('/readyz')) === 503);
    expect((await create(gateway)).json.data.createCustomer.__typename).toBe('Created');
    expect(await overKept('/readyz')).toEqual({ status: 503, reused: true, connection: 'close' });
    expect((await ended).code).toBe(0);
    expect(gateway.output()).not.toContain('requests did not finish in time');
  });
});

describe('after a stop signal during its start, a gateway ends in order', () => {
  test('with a database of its own', async () => {
    const own = join(folder.path, 'own');
    const starting = spawnGateway({ DATA_DIR: own });
    await eventually('it makes its database', () => existsSync(join(own, 'postgres', 'PG_VERSION')));
    const { code, stdout } = await starting.stop('SIGTERM');
    expect(code).toBe(0);
    expect(stdout).not.toContain('answers at');
    expect(existsSync(join(own, 'postgres', 'postmaster.pid'))).toBe(false);
  });

  test('while it waits for another one’s migrations', async () => {
    const empty = await emptyDatabase();
    const release = await holdMigrationLock(empty);
    const starting = spawnGateway({ DATA_DIR: folder.path, DATABASE_URL: empty });
    await eventually('it waits', () => starting.output().includes('waiting'));
    const { code, stdout } = await starting.stop('SIGTERM');
    await release();
    expect(code).toBe(0);
    expect(stdout).not.toContain('Error');
  });
});
