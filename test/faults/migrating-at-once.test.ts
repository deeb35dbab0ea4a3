import { beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.js';
import { openOrm } from '../../src/orm/orm.js';
import { isIndexBuild } from '../../src/orm/pending-migrations.js';
import { emptyDatabase, migratedDatabase, query } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { openLocalGateway } from '../support/local-gateway.js';
import { holdMigrationLock } from '../support/migration-lock.js';
import { spawnGateway, temporaryFolder } from '../support/process.js';
import { sharedResources } from '../support/resources.js';
import { lockTable } from '../support/table-lock.js';

const WAITS = 'waiting: another process is migrating the database';
const WAITS_FOR_LOCK = 'waiting: another transaction uses a table that a migration changes';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const resources = sharedResources();
beforeAll(async () => {
  folder = resources.adopt(await temporaryFolder(), (it) => it.remove());
});

const environment = (databaseUrl: string) => ({
  NODE_ENV: 'test',
  DATA_DIR: folder.path,
  DATABASE_URL: databaseUrl,
  DATABASE_STATEMENT_TIMEOUT_MS: '200',
});

/** The names of the migrations that were applied, each as often as it was. */
async function applied(databaseUrl: string): Promise<string[]> {
  const rows = await query<{ name: string }>(
    databaseUrl,
    'select name from mikro_orm_migrations order by id',
  );
  return rows.map(({ name }) => name);
}

/** The migrations that a start applies to a database that is not empty: builds of indexes are left to `customer-gateway migrate`. */
async function appliedAtStart(): Promise<string[]> {
  const all = await applied(await migratedDatabase());
  return all.filter((name) => !isIndexBuild(name));
}

/** A database that lacks all migrations but the first; the next one changes customers. */
async function behind(): Promise<string> {
  const databaseUrl = await migratedDatabase();
  const orm = await openOrm(databaseUrl);
  await orm.migrator.down({ to: 'Migration20261124014932_initial' });
  await orm.close();
  return databaseUrl;
}

describe('two gateways that start at once', () => {
  test('on an empty database apply each migration once, and both serve', async () => {
    const databaseUrl = await emptyDatabase();
    // Until both are at the same place.
    const release = await holdMigrationLock(databaseUrl);
    const starting = [
      spawnGateway(environment(databaseUrl)),
      openLocalGateway(environment(databaseUrl)),
    ] as const;
    await eventually('both wait', () => starting.every(({ output }) => output().includes(WAITS)));
    expect(await query(databaseUrl, "select 1 from pg_tables where schemaname = 'public'")).toEqual([]);
    await release();

    const [one, other] = await Promise.all([starting[0].answers(), starting[1].answers()]);
    for (const { url } of [one, other]) {
      expect((await fetch(new URL('/readyz', url))).status).toBe(200);
    }
    await other.close();
    expect((await one.stop('SIGTERM')).code).toBe(0);
    expect(await applied(databaseUrl)).toEqual(await applied(await migratedDatabase()));
  });

  test('wait for each other no longer than the other lives', async () => {
    const databaseUrl = await behind();
    const lock = await lockTable(databaseUrl);
    const migrating = spawnGateway(environment(databaseUrl));
    await lock.waitedForBy(1);
    const waiting = openLocalGateway(environment(databaseUrl));
    await eventually('it waits', () => waiting.output().includes(WAITS));

    await migrating.stop('SIGKILL');
    await lock.release();
    const gateway = await waiting.answers();
    await gateway.close();
    expect(await applied(databaseUrl)).toEqual(await appliedAtStart());
  });
});

test.each(['start', 'off'])(
  'a gateway with MIGRATE=%s and nothing to migrate does not wait for one that migrates',
  async (migrate) => {
    const databaseUrl = await migratedDatabase();
    const release = await holdMigrationLock(databaseUrl);
    const starting = openLocalGateway({ ...environment(databaseUrl), MIGRATE: migrate });
    const gateway = await starting.answers();
    await gateway.close();
    await release();
    expect(starting.output()).not.toContain(WAITS);
  },
);

test('a migration that waits for a long transaction does not hold up requests, and has no deadline', async () => {
  const databaseUrl = await behind();
  const dump = await lockTable(databaseUrl, 'customer', 'access share');
  const starting = openLocalGateway(environment(databaseUrl));
  await eventually('it waits', () => starting.output().includes(WAITS_FOR_LOCK));

  await dump.waitedForBy(1);
  const reader = new URL(databaseUrl);
  reader.searchParams.set('statement_timeout', String(readConfig({}).databasePool.listTimeoutMs));
  expect(await query(reader.href, 'select id from customer')).toEqual([]);

  await dump.release();
  const gateway = await starting.answers();
  await gateway.close();
  expect(await applied(databaseUrl)).toEqual(await appliedAtStart());
});
