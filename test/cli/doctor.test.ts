import { randomBytes } from 'node:crypto';
import { chmod, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { versionFinding } from '../../src/cli/doctor/check-version.js';
import { describeAsRoot, runAsStranger } from '../support/as-root.js';
import { codeBlocks } from '../support/code-block.js';
import { emptyDatabase, migratedDatabase, query } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { startTestGateway } from '../support/gateway.js';
import { startIssuer } from '../support/issuer.js';
import { CREATE_CUSTOMER } from '../support/operations.js';
import { operator } from '../support/operator.js';
import { CLI, temporaryFolder } from '../support/process.js';
import { describeWith } from '../support/programs.js';
import { type RedisServer, startRedis } from '../support/redis.js';
import { createRole } from '../support/role.js';
import { createEndpoint, readEndpoint } from '../support/webhook-operations.js';
import { startWebhookReceiver } from '../support/webhook-receiver.js';

/** A gateway can serve without the builds of indexes. */
const DELETE_LAST_MIGRATION = `delete from mikro_orm_migrations
  where id = (select max(id) from mikro_orm_migrations where name not like '%\\_concurrently')`;

const newKey = () => randomBytes(32).toString('base64');

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let environment: Record<string, string>;
beforeAll(async () => {
  folder = await temporaryFolder();
  environment = {
    NODE_ENV: 'production',
    DATABASE_URL: await migratedDatabase(),
    SECRETS_KEY: newKey(),
    DATA_DIR: join(folder.path, 'absent'),
  };
});
afterAll(() => folder.remove());

/** What `doctor` finds with these changes of a good environment, by the names of its checks. */
async function findings(changes: Record<string, string> = {}) {
  const { code, stdout, stderr } = await operator({ ...environment, ...changes }).run('doctor', '--json');
  const list: { check: string; state: string; message: string }[] = JSON.parse(stdout);
  const found = Object.fromEntries(list.map(({ check, ...finding }) => [check, finding]));
  const failed = list.filter(({ state }) => state === 'failed').map(({ check }) => check);
  return { code, stderr, found, failed, text: `${stdout}${stderr}` };
}

describe('`doctor`', () => {
  test('finds nothing wrong where nothing is, and ends with 0', async () => {
    const { code, stderr, found } = await findings();
    expect([code, stderr]).toEqual([0, '']);
    expect(found).toEqual({
      configuration: { state: 'ok', message: expect.stringContaining('production') },
      'data folder': { state: 'ok', message: expect.stringContaining('not used') },
      database: {
        state: 'ok',
        message: expect.stringMatching(/^PostgreSQL 18\S* is reachable; 15 to 18 are supported\.$/),
      },
      'database TLS': { state: 'ok', message: 'The connection stays on this machine.' },
      // The tests' server runs without.
      'database durability': { state: 'warning', message: expect.stringContaining('Turn on fsync') },
      'database connections': { state: 'ok', message: expect.stringContaining('5 for webhooks') },
      'database encoding': { state: 'ok', message: expect.stringContaining('UTF8') },
      'database extensions': { state: 'ok', message: expect.stringContaining('pg_trgm') },
      'database privileges': { state: 'ok', message: expect.stringContaining('has the privileges') },
      'database clock': { state: 'ok', message: expect.stringContaining('300000 ms') },
      migrations: { state: 'ok', message: expect.any(String) },
      secrets: { state: 'ok', message: expect.any(String) },
      redis: { state: 'ok', message: expect.stringContaining('REDIS_URL is not set') },
    });
  });

  test('writes a line for each check, for people', async () => {
    const { code, stdout } = await operator(environment).run('doctor');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ok {7}configuration {9}All variables/m);
    expect(stdout).toMatch(/^warning {2}database durability {2}/m);
  });

  test('names every problem of the configuration, without its values, and ends with 2', async () => {
    const { code, stderr, text } = await findings({
      PORT: 'hunter2',
      SECRETS_KEY: 'hunter2',
      DATABASE_URL: '',
    });
    expect(code).toBe(2);
    expect(stderr).toContain('nothing else was checked');
    for (const name of ['PORT', 'SECRETS_KEY', 'DATABASE_URL'])
      expect(text).toContain(`"message": "${name} `);
    expect(text).not.toContain('hunter2');
  });

  test('goes on after a check that failed, and prints no password', async () => {
    const { code, stderr, found, failed, text } = await findings({
      DATABASE_URL: 'postgresql://user:hunter2@127.0.0.1:1/d',
      REDIS_URL: 'redis://user:hunter2@127.0.0.1:1/0',
    });
    expect([code, failed]).toEqual([1, ['database', 'redis']]);
    expect(stderr).toBe('Failed: database, redis.\n');
    expect(found['database']?.message).toContain('ECONNREFUSED');
    expect(found['redis']?.message).toContain('Check REDIS_URL');
    expect(text).not.toContain('hunter2');
  });

  test('prints no password that the database refuses', async () => {
    const url = new URL(environment['DATABASE_URL'] ?? '');
    url.password = 'hunter2';
    const { found, text } = await findings({ DATABASE_URL: url.href });
    expect(found['database']).toEqual({
      state: 'failed',
      message: expect.stringContaining('authentication'),
    });
    expect(text).not.toContain('hunter2');
  });

  test('reports that a database is not migrated, and does not change it', async () => {
    const databaseUrl = await emptyDatabase();
    const { code, found, failed } = await findings({ DATABASE_URL: databaseUrl });
    expect([code, failed]).toEqual([1, ['migrations']]);
    expect(found['migrations']?.message).toContain('customer-gateway migrate');
    expect(found['database extensions']).toEqual({
      state: 'ok',
      message: expect.stringContaining('migrations create'),
    });
    expect(
      await query(databaseUrl, 'select from information_schema.tables where table_schema = $1', ['public']),
    ).toEqual([]);
  });

  test('reports the migrations that a database lacks', async () => {
    const databaseUrl = await migratedDatabase();
    const [last] = await query<{ name: string }>(databaseUrl, `${DELETE_LAST_MIGRATION} returning name`);
    const { found } = await findings({ DATABASE_URL: databaseUrl });
    expect(found['migrations']).toEqual({
      state: 'failed',
      message: expect.stringContaining(`pending migrations: ${last?.name}`),
    });
  });

  test('reports that a database refuses writes', async () => {
    const databaseUrl = await migratedDatabase();
    const name = new URL(databaseUrl).pathname.slice(1);
    await query(databaseUrl, `alter database ${name} set default_transaction_read_only = on`);
    const { found, failed } = await findings({ DATABASE_URL: databaseUrl });
    expect(failed).toEqual(['database']);
    expect(found['database']?.message).toContain('does not accept writes');
  });

  test('warns when the connections that are left are fewer than a gateway takes', async () => {
    const { code, found } = await findings({ DATABASE_POOL_MAX: '1000' });
    expect(code).toBe(0);
    expect(found['database connections']).toEqual({
      state: 'warning',
      message: expect.stringMatching(/^\d+ of \d+ connections are in use; a gateway uses up to 1005 /),
    });
  });
});

/** Serves as the role of a URL: a customer is created, and delivered to an endpoint. */
async function expectDelivery(databaseUrl: string): Promise<void> {
  const receiver = await startWebhookReceiver();
  const gateway = await startTestGateway({
    environment: 'production',
    databaseUrl,
    webhooks: { deliver: true, allowPrivate: true, httpsOnly: false },
  });
  try {
    const partner = gateway.nextPartner();
    const { uuid } = await createEndpoint(partner, receiver.url);
    const input = { customer: 'A', email: 'a@x.example', contacts: [{ phone: '1' }] };
    const { json } = await partner.send(CREATE_CUSTOMER, { input });
    expect(json.data.createCustomer.__typename).toBe('Created');
    await eventually('it is delivered', async () => {
      const { deliveries } = await readEndpoint(partner, uuid);
      return deliveries[0]?.status === 'SUCCEEDED';
    });
    expect(receiver.received).toHaveLength(1);
  } finally {
    await gateway.close();
    await receiver.close();
  }
}

const databaseOf = (url: string) => new URL(url).pathname.slice(1);

describe('privileges', () => {
  /** What `doctor` says of the role's privileges, and the statements that it names. */
  async function privileges(url: string) {
    const { code, found, failed, text } = await findings({ DATABASE_URL: url });
    expect(text).not.toContain('hunter2');
    const message = found['database privileges']?.message ?? '';
    return { code, failed, message, grants: message.match(/GRANT [^;]+;/g) ?? [] };
  }

  test('to migrate an empty database: the grants that `doctor` names are those that are missing', async () => {
    const databaseUrl = await emptyDatabase();
    const role = await createRole(databaseUrl);
    const { failed, message, grants } = await privileges(role.url);
    expect(failed).toEqual(['database privileges', 'migrations']);
    expect(grants).toEqual([
      `GRANT CREATE ON DATABASE ${databaseOf(databaseUrl)} TO ${role.name};`,
      `GRANT CREATE ON SCHEMA public TO ${role.name};`,
    ]);
    expect(message).toContain('Or run `customer-gateway migrate` with a DATABASE_URL of gateway');

    const [toDatabase = '', toSchema = ''] = grants;
    await query(databaseUrl, toSchema);
    expect((await privileges(role.url)).grants).toEqual([toDatabase]);
    const refused = await operator({ ...environment, DATABASE_URL: role.url }).run('migrate');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(
      /^The role in DATABASE_URL cannot migrate the database \(.*\)\. Run customer-gateway doctor/,
    );

    await query(databaseUrl, toDatabase);
    expect((await privileges(role.url)).failed).toEqual(['migrations']);
    await operator({ ...environment, DATABASE_URL: role.url }).ask('migrate');
    expect((await privileges(role.url)).code).toBe(0);
  });

  test('to serve: a role that owns nothing needs to read and write rows, and no more', async () => {
    const databaseUrl = await migratedDatabase();
    const role = await createRole(databaseUrl);
    const { failed, grants } = await privileges(role.url);
    expect(failed).toEqual(['database privileges', 'migrations']);
    expect(grants).toEqual([
      `GRANT USAGE ON SCHEMA graphile_worker TO ${role.name};`,
      expect.stringMatching(
        /^GRANT SELECT, INSERT, UPDATE, DELETE ON access_token, .*, webhook_secret, graphile_worker\._private_job_queues, .* TO /,
      ),
      `GRANT SELECT, INSERT ON audit_entry TO ${role.name};`,
      `GRANT SELECT ON mikro_orm_migrations, graphile_worker.jobs, graphile_worker.migrations TO ${role.name};`,
    ]);
    for (const grant of grants) await query(databaseUrl, grant);
    expect((await privileges(role.url)).code).toBe(0);

    await expectDelivery(role.url);

    await query(databaseUrl, `revoke delete on contact from ${role.name}`);
    expect((await privileges(role.url)).grants).toEqual([`GRANT DELETE ON contact TO ${role.name};`]);
  });

  test('not to change the audit log: `doctor` names what to revoke', async () => {
    const databaseUrl = await migratedDatabase();
    const role = await createRole(databaseUrl);
    for (const grant of (await privileges(role.url)).grants) await query(databaseUrl, grant);
    await query(databaseUrl, `grant all on audit_entry to ${role.name}`);
    const { code, message } = await privileges(role.url);
    expect(code).toBe(0);
    expect(message).toContain(`REVOKE UPDATE, DELETE, TRUNCATE ON audit_entry FROM ${role.name};`);
    await query(databaseUrl, /REVOKE [^;]+;/.exec(message)?.[0] ?? '');
    expect((await privileges(role.url)).message).toBe(`The role ${role.name} has the privileges it needs.`);
  });

  test('to serve webhooks: the functions of graphile-worker', async () => {
    const databaseUrl = await migratedDatabase();
    const role = await createRole(databaseUrl);
    for (const grant of (await privileges(role.url)).grants) await query(databaseUrl, grant);
    await query(databaseUrl, 'revoke execute on all functions in schema graphile_worker from public');
    const { grants } = await privileges(role.url);
    expect(grants).toEqual([`GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA graphile_worker TO ${role.name};`]);
    await query(databaseUrl, grants.join(''));
    expect((await privileges(role.url)).code).toBe(0);
  });

  test('to migrate a database whose graphile-worker is older', async () => {
    const databaseUrl = await migratedDatabase();
    await query(databaseUrl, 'alter table graphile_worker._private_jobs enable row level security');
    const { failed } = await findings({ DATABASE_URL: databaseUrl });
    expect(failed).toEqual(['migrations']);
    const owner = operator({ ...environment, DATABASE_URL: databaseUrl });
    expect((await owner.run('team', 'list')).stderr).toContain('customer-gateway migrate');
    await owner.ask('migrate');
    expect((await findings({ DATABASE_URL: databaseUrl })).code).toBe(0);
  });

  test('to serve with the default privileges of docs/production.md: none is missing after `migrate`', async () => {
    const databaseUrl = await emptyDatabase();
    const [owner, service] = [await createRole(databaseUrl), await createRole(databaseUrl)];
    const block = (await codeBlocks('docs/production.md')).find(({ code }) =>
      code.includes('alter default privileges'),
    );
    const statements = /^alter default privileges[^]*?(?=^SQL$)/m.exec(block?.code ?? '')?.[0] ?? '';
    await query(databaseUrl, `alter database ${databaseOf(databaseUrl)} owner to ${owner.name}`);
    await query(
      databaseUrl,
      statements
        .replaceAll('customer_gateway_owner', owner.name)
        .replaceAll('customer_gateway', service.name),
    );
    await operator({ ...environment, DATABASE_URL: owner.url }).ask('migrate');
    expect(await privileges(service.url)).toMatchObject({
      code: 0,
      // Without the privileges on the audit log that the default privileges give for other tables.
      message: `The role ${service.name} has the privileges it needs.`,
    });
    await expectDelivery(service.url);
  });

  test('to migrate tables of another role: `doctor` names that role', async () => {
    const databaseUrl = await migratedDatabase();
    const role = await createRole(databaseUrl);
    await query(databaseUrl, `grant all on all tables in schema public to ${role.name}`);
    await query(databaseUrl, DELETE_LAST_MIGRATION);
    const { failed, message, grants } = await privileges(role.url);
    expect(failed).toEqual(['database privileges', 'migrations']);
    expect(message).toContain('gateway owns the tables');
    expect(grants).toEqual([]);
  });

  test('to use the schema', async () => {
    const databaseUrl = await migratedDatabase();
    const role = await createRole(databaseUrl);
    await query(databaseUrl, 'revoke usage on schema public from public');
    expect((await privileges(role.url)).grants).toEqual([`GRANT USAGE ON SCHEMA public TO ${role.name};`]);
  });
});

test('connections for webhooks are counted only where a gateway delivers them', async () => {
  const { found } = await findings({ WEBHOOKS: 'off' });
  expect(found['database connections']?.message).toMatch(/a gateway uses up to 10 \(DATABASE_POOL_MAX\)/);
});

test.each([
  ['14.20', 'failed', 'PostgreSQL 15 to 18 is required'],
  ['15.18', 'ok', '15 to 18 are supported'],
  ['19.1', 'warning', 'tested with PostgreSQL 15 to 18 only'],
])('PostgreSQL %s: %s', (version, state, message) => {
  expect(versionFinding(version)).toEqual({ state, message: expect.stringContaining(message) });
});

test('DATABASE_DIRECT_URL without a connection pooler is a warning, and the timeouts of the role are missing', async () => {
  const { found, failed } = await findings({ DATABASE_DIRECT_URL: environment['DATABASE_URL'] ?? '' });
  expect(found['connection pooler']).toEqual({
    state: 'warning',
    message: expect.stringContaining('Remove DATABASE_DIRECT_URL'),
  });
  expect(failed).toEqual(['database timeouts']);
});

test('a direct address that nothing listens on is a failure', async () => {
  const direct = `postgresql://127.0.0.1:${await freePort()}/gateway`;
  const { found } = await findings({ DATABASE_DIRECT_URL: direct });
  expect(found['database direct address']).toEqual({
    state: 'failed',
    message: expect.stringMatching(/ECONNREFUSED.*\. Check DATABASE_DIRECT_URL\.$/),
  });
});

describe('the encoding of the database', () => {
  const createWith = async (options: string) => {
    return findings({ DATABASE_URL: await emptyDatabase(options) });
  };

  test('that is not UTF8 has failed', async () => {
    const { found } = await createWith(`encoding 'LATIN1' locale 'C' locale_provider 'libc'`);
    expect(found['database encoding']).toEqual({
      state: 'failed',
      message: expect.stringMatching(/encoding LATIN1; UTF8 is required\. Create a new database/),
    });
  });

  test('with an LC_CTYPE that knows ASCII letters only is a warning', async () => {
    const { found } = await createWith(`encoding 'UTF8' locale 'C' locale_provider 'libc'`);
    expect(found['database encoding']).toEqual({
      state: 'warning',
      message: expect.stringContaining(`LC_CTYPE 'C.UTF-8'`),
    });
  });
});

describe('the clock', () => {
  /** What `doctor` finds where it is off by so many ms. */
  const findingsOff = async (ms: number) => {
    const { now } = Date;
    Date.now = () => now() + ms;
    try {
      return await findings();
    } finally {
      Date.now = now;
    }
  };

  test('that is off by more than signatures may be has failed, either way', async () => {
    for (const [ms, direction] of [
      [400_000, 'behind'],
      [-400_000, 'ahead of'],
    ] as const) {
      const { code, found, failed } = await findingsOff(ms);
      expect([code, failed]).toEqual([1, ['database clock']]);
      expect(found['database clock']?.message).toMatch(
        new RegExp(`database is (399|400)\\d{3} ms ${direction} the gateway's`),
      );
    }
  });

  test('that is off by less is a warning', async () => {
    const { code, found } = await findingsOff(60_000);
    expect([code, found['database clock']?.state]).toEqual([0, 'warning']);
  });
});

describe('the secrets', () => {
  test('are all decrypted: a missing key is reported with its clients, an older one with what to do', async () => {
    const databaseUrl = await migratedDatabase();
    const before = { ...environment, DATABASE_URL: databaseUrl };
    const { clientId, clientSecret } = await operator(before).ask('client', 'create', 'Acme');
    const next = newKey();

    const without = await findings({ DATABASE_URL: databaseUrl, SECRETS_KEY: next });
    expect([without.code, without.failed]).toEqual([1, ['secrets']]);
    expect(without.found['secrets']?.message).toContain(clientId);
    expect(without.text).not.toContain(clientSecret);
    expect(without.text).not.toContain(next);

    const keys = `${next},${environment['SECRETS_KEY']}`;
    const withBoth = await findings({ DATABASE_URL: databaseUrl, SECRETS_KEY: keys });
    expect(withBoth.code).toBe(0);
    expect(withBoth.found['secrets']).toEqual({
      state: 'warning',
      message: expect.stringMatching(/^1 of 1 .*secrets reencrypt/),
    });
  });
});

test('an issuer of tokens is asked for its keys', async () => {
  const issuer = await startIssuer();
  try {
    const { jwksUrl, name, audience } = issuer;
    const variables = { JWT_JWKS_URL: jwksUrl, JWT_ISSUER: name, JWT_AUDIENCE: audience };
    expect((await findings(variables)).found['issuer']?.state).toBe('ok');
    issuer.fail(500);
    const { found, failed } = await findings(variables);
    expect(failed).toEqual(['issuer']);
    expect(found['issuer']?.message).toContain('500');
  } finally {
    await issuer.close();
  }
});

describe('in development', () => {
  let own: Awaited<ReturnType<typeof temporaryFolder>>;
  let dataDir: string;
  beforeEach(async () => {
    own = await temporaryFolder();
    dataDir = join(own.path, 'data');
  });
  afterEach(() => own.remove());

  const development = (changes: Record<string, string> = {}) =>
    findings({ NODE_ENV: 'development', DATABASE_URL: '', SECRETS_KEY: '', DATA_DIR: dataDir, ...changes });

  test('without a gateway nothing is started or made, and that is said', async () => {
    const { code, found } = await development();
    expect(code).toBe(0);
    expect(found['database']).toEqual({
      state: 'warning',
      message: expect.stringContaining('No gateway is running on'),
    });
    expect(found['data folder']).toEqual({
      state: 'ok',
      message: expect.stringContaining('does not exist yet'),
    });
    expect(await readdir(own.path)).toEqual([]);
  });

  test('a data folder that others can use, or secrets that they can read, has failed', async () => {
    const { found: absent } = await development({ DATABASE_URL: environment['DATABASE_URL'] ?? '' });
    expect(absent['data folder']?.state).toBe('ok');
    const of = async (folderMode: number, keyMode: number) => {
      await chmod(own.path, folderMode);
      await writeFile(join(own.path, 'secrets-key'), newKey());
      await chmod(join(own.path, 'secrets-key'), keyMode);
      const { found } = await development({
        DATABASE_URL: environment['DATABASE_URL'] ?? '',
        DATA_DIR: own.path,
      });
      return found['data folder'];
    };
    expect(await of(0o711, 0o600)).toMatchObject({ state: 'ok' });
    expect(await of(0o755, 0o600)).toMatchObject({
      state: 'warning',
      message: expect.stringContaining('chmod 711'),
    });
    expect(await of(0o777, 0o600)).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('chmod 711'),
    });
    expect(await of(0o711, 0o640)).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('chmod 600'),
    });
  });

  describeAsRoot('in a data folder', () => {
    test('files of another account have failed', async () => {
      await chmod(own.path, 0o777);
      await writeFile(join(own.path, 'secrets-key'), newKey(), { mode: 0o600 });
      const doctor = [CLI, 'doctor', '--json'];
      const { stdout } = await runAsStranger(doctor, { DATA_DIR: own.path });
      expect(JSON.parse(stdout)[1]).toMatchObject({
        state: 'failed',
        message: expect.stringContaining('secrets-key belongs to another account'),
      });
    });
  });

  test('a data folder that is a file has failed', async () => {
    await writeFile(dataDir, '');
    const { found } = await development({ DATABASE_URL: environment['DATABASE_URL'] ?? '' });
    expect(found['data folder']).toEqual({
      state: 'failed',
      message: expect.stringContaining('is not a folder'),
    });
  });
});

describeWith('redis-server')('Redis', () => {
  let redis: RedisServer;
  beforeEach(async () => {
    redis = await startRedis();
  });
  afterEach(() => redis.kill());
  const redisFindings = () => findings({ REDIS_URL: redis.url });

  test('that answers is looked at, and left as it is', async () => {
    const { code, found } = await redisFindings();
    expect(code).toBe(0);
    expect(found['redis']).toEqual({ state: 'ok', message: expect.stringContaining('runs scripts') });
    expect(found['redis clock']).toEqual({ state: 'ok', message: expect.stringContaining('clock of Redis') });
    expect(found['redis memory']?.state).toBe('ok');
    expect(await redis.command('DBSIZE')).toBe(0);
  });

  test('that drops keys when it is full is a warning', async () => {
    await redis.command('CONFIG', 'SET', 'maxmemory', '100mb');
    await redis.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    const { code, found } = await redisFindings();
    expect([code, found['redis memory']?.state]).toEqual([0, 'warning']);
    expect(found['redis memory']?.message).toContain('allkeys-lru');
  });

  test('that is a replica has failed', async () => {
    await redis.command('REPLICAOF', '127.0.0.1', '1');
    const { failed } = await redisFindings();
    expect(failed).toEqual(['redis']);
  });

  test('that forbids scripts has failed', async () => {
    await redis.command('ACL', 'SETUSER', 'default', '-@scripting');
    const { failed, found } = await redisFindings();
    expect(failed).toEqual(['redis']);
    expect(found['redis']?.message).toContain('run scripts');
  });

  test('that is frozen has failed, and does not hold the others up', async () => {
    redis.freeze();
    try {
      const { failed, found } = await redisFindings();
      expect(failed).toEqual(['redis']);
      expect(found['migrations']?.state).toBe('ok');
    } finally {
      redis.thaw();
    }
  });
});
