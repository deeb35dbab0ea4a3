import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { SecretBox } from '../../src/auth/secret-box.js';
import { openOrm } from '../../src/orm/orm.js';
import { emptyDatabase, migratedDatabase, query } from '../support/database.js';
import {
  type BuiltRelease,
  buildRelease,
  hasCommit,
  INSTALL_TIMEOUT_MS,
  lastRelease,
} from '../support/last-release.js';
import { knownMigrations } from '../../src/orm/pending-migrations.js';
import { openLocalGateway } from '../support/local-gateway.js';
import { buildNextRelease } from '../support/next-release.js';
import { operator } from '../support/operator.js';
import { issuePartner } from '../support/partner.js';
import { GATEWAY, type GatewayProcess, run, spawnGateway } from '../support/process.js';
import { sharedResources } from '../support/resources.js';
import { type PartnerCredentials } from '../support/signed-client.js';
import { startShiftingLoad } from '../support/shifting-load.js';

/** Several starts and stops of gateways under load, on a busy machine. */
const UPGRADE_TIMEOUT_MS = 180_000;

/** Callers at the same time. */
const CALLERS = 4;

const released = await lastRelease();
const hasRelease = await hasCommit(released.commit);
if (!hasRelease) {
  process.stdout.write(
    `Skipped test/walkthroughs/upgrade.walkthrough.ts: the clone lacks commit ${released.commit} of the last release; run git fetch --unshallow\n`,
  );
}

const environment = (databaseUrl: string, secretsKey = randomBytes(32)) => ({
  NODE_ENV: 'production',
  DATABASE_URL: databaseUrl,
  SECRETS_KEY: secretsKey.toString('base64'),
  RATE_LIMIT_MAX: '1000000',
  SHUTDOWN_DELAY_SECONDS: '0',
});

/** Issues credentials with the commands of a release. This release would write columns that the older schema lacks. */
async function issueByCommands(
  folder: string,
  variables: Record<string, string>,
): Promise<PartnerCredentials> {
  const ask = async (...args: string[]) => {
    const program = join(folder, 'bin/customer-gateway.js');
    const { stdout } = await run(process.execPath, [program, ...args, '--json'], variables);
    return JSON.parse(stdout);
  };
  const [{ clientId, clientSecret }, { teamId }] = await Promise.all([
    ask('client', 'create', 'Partner'),
    ask('team', 'create', 'Partner'),
  ]);
  const { token } = await ask('token', 'issue', '--client', clientId, '--team', teamId, '--days', '1');
  return { clientId, clientSecret, token };
}

describe.skipIf(!hasRelease)('the last release and this one on one database', () => {
  let old: BuiltRelease;
  const resources = sharedResources();
  beforeAll(async () => {
    old = resources.adopt(await buildRelease(released.commit), (it) => it.remove());
  }, INSTALL_TIMEOUT_MS);

  test(
    'serve side by side under load, forwards and back, and keep every acknowledged customer',
    async () => {
      const databaseUrl = await emptyDatabase();
      const variables = environment(databaseUrl);
      const started: GatewayProcess[] = [];
      const start = async (program: string) => {
        const gateway = await spawnGateway(variables, [program]).answers();
        started.push(gateway);
        return resources.adopt(gateway, async (it) => {
          if (it.child.exitCode === null) await it.stop('SIGKILL');
        });
      };
      const stop = async (gateway: GatewayProcess) => {
        expect((await gateway.stop('SIGTERM')).code).toBe(0);
      };

      const oldProgram = join(old.path, 'dist/src/main.js');
      const before = await start(oldProgram);
      const load = startShiftingLoad(await issueByCommands(old.path, variables), before.url, CALLERS);
      await load.shiftTo(before.url);

      // Forwards: the new release migrates while the old one serves.
      const after = await start(GATEWAY);
      await load.shiftTo(before.url, after.url);
      await load.shiftTo(after.url);
      await stop(before);
      await load.shiftTo(after.url);

      // Back: the old release starts on the new schema, and serves while the schema goes back.
      const again = await start(oldProgram);
      await load.shiftTo(after.url, again.url);
      await load.shiftTo(again.url);
      await stop(after);
      const migrated = await operator(variables).run(
        'migrate',
        '--to',
        released.migration,
        '--allow-data-loss',
      );
      expect(migrated).toMatchObject({ code: 0, stderr: '' });
      await load.shiftTo(again.url);
      await load.stop();

      expect(load.failures).toEqual([]);
      const stored = await query(databaseUrl, 'select id from customer where id = any($1)', [load.created]);
      expect(stored).toHaveLength(load.created.length);
      const logs = started.map((gateway) => gateway.output()).join('');
      expect(logs).not.toMatch(/"level":"(?:error|fatal)"|INTERNAL_SERVER_ERROR/);
    },
    UPGRADE_TIMEOUT_MS,
  );
});

/** Migrations of the next release. */
const CITY = 'Migration29990101000000_customer_city';
const CITY_INDEX = 'Migration29990101000001_customer_city_concurrently';
const NEXT = {
  [CITY]: {
    up: ['alter table customer add city varchar(255) null'],
    down: ['alter table customer drop column city'],
  },
  [CITY_INDEX]: {
    up: [
      'drop index concurrently if exists customer_city_index',
      'create index concurrently customer_city_index on customer (team_id, city)',
    ],
    down: ['drop index concurrently customer_city_index'],
  },
};

describe('an index build of the next release', () => {
  const resources = sharedResources();

  test(
    'is left to `migrate`: both releases serve before, during and after it, and `migrate` repeats an interrupted one',
    async () => {
      const databaseUrl = await migratedDatabase();
      const secretsKey = randomBytes(32);
      const variables = environment(databaseUrl, secretsKey);
      const current = await openLocalGateway(variables).answers();
      resources.adopt(current, (it) => it.close());
      const orm = await openOrm(databaseUrl);
      const { credentials } = await issuePartner(orm, new SecretBox([secretsKey]), current.url, 'Partner');
      await orm.close();
      const load = startShiftingLoad(credentials, current.url, CALLERS);

      const release = resources.adopt(await buildNextRelease(NEXT), (it) => it.remove());
      const next = await spawnGateway(variables, [join(release.path, 'dist/src/main.js')]).answers();
      resources.adopt(next, async (it) => {
        await it.stop('SIGKILL');
      });
      expect(next.output()).toContain('index builds are pending; run customer-gateway migrate');
      // What an interrupted build leaves has the name of the index.
      await query(databaseUrl, 'create index customer_city_index on customer (id)');
      await load.shiftTo(current.url, next.url);

      const migrate = (...options: string[]) =>
        run(
          process.execPath,
          [join(release.path, 'bin/customer-gateway.js'), 'migrate', ...options],
          variables,
        );
      expect(await migrate()).toEqual({ code: 0, stdout: `Applied ${CITY_INDEX}.\n`, stderr: '' });
      const [index] = await query<{ indexdef: string }>(
        databaseUrl,
        `select indexdef from pg_indexes where indexname = 'customer_city_index'`,
      );
      expect(index?.indexdef).toContain('(team_id, city)');
      await load.shiftTo(current.url, next.url);

      await load.shiftTo(current.url);
      const back = (await knownMigrations()).at(-1) ?? '';
      expect(await migrate('--to', back)).toEqual({
        code: 0,
        stdout: `Reverted ${CITY_INDEX}, ${CITY}.\n`,
        stderr: '',
      });
      expect((await fetch(new URL('/readyz', next.url))).status).toBe(503);
      await load.shiftTo(current.url);
      await load.stop();
      expect(load.failures).toEqual([]);
    },
    UPGRADE_TIMEOUT_MS,
  );
});
