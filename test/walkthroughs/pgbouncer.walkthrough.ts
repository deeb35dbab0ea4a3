import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { beforeAll, expect, test } from 'vitest';
import { SecretBox } from '../../src/auth/secret-box.js';
import { knownMigrations } from '../../src/orm/pending-migrations.js';
import { openOrm } from '../../src/orm/orm.js';
import { codeBlock } from '../support/code-block.js';
import { createCustomer } from '../support/customers.js';
import { emptyDatabase, query } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { createdBy, startLoad } from '../support/load.js';
import { type LocalGateway, openLocalGateway, refusedStart } from '../support/local-gateway.js';
import { CREATE_CUSTOMER, readCustomer, UPDATE_CUSTOMER } from '../support/operations.js';
import { operator } from '../support/operator.js';
import { issuePartners } from '../support/partner.js';
import { type PgBouncer, startPgBouncer } from '../support/pgbouncer.js';
import { temporaryFolder } from '../support/process.js';
import { describeWith } from '../support/programs.js';
import { sharedResources } from '../support/resources.js';
import { newEmail, SignedClient } from '../support/signed-client.js';
import { createRole } from '../support/role.js';
import { lockTable } from '../support/table-lock.js';
import { startWebhookReceiver } from '../support/webhook-receiver.js';
import { createEndpoint } from '../support/webhook-operations.js';

const GATEWAYS = 3;
/** Connections of PgBouncer to PostgreSQL: fewer than the gateways have to PgBouncer. */
const CONNECTIONS = 3;
const IMPORTED_ROWS = 500;

/** One for each test that calls the gateways. */
const PARTNERS = 4;

/** A partner, as it calls each gateway. */
interface PartnerOfAll {
  readonly teamId: string;
  readonly clients: readonly [SignedClient, SignedClient, SignedClient];
}

const PAGE = 'docs/connection-poolers.md';

test('the documentation shows the configuration that is tested', async () => {
  expect(await codeBlock(PAGE, 'ini')).toBe(await readFile('deploy/pgbouncer.ini', 'utf8'));
});

describeWith('pgbouncer')('gateways behind PgBouncer in transaction mode', () => {
  let folder: string;
  /** Connects a superuser, without timeouts. */
  let superuserUrl: string;
  /** Connects the role of the gateways to PostgreSQL itself. */
  let directUrl: string;
  let role: string;
  let pgbouncer: PgBouncer;
  let environment: Record<string, string>;
  const partners: PartnerOfAll[] = [];
  const ports: number[] = [];
  const gateways: LocalGateway[] = [];
  const resources = sharedResources();

  const start = (index: number) =>
    openLocalGateway({
      ...environment,
      PORT: String(ports[index]),
      WEBHOOKS: index === 0 ? 'on' : 'off',
    }).answers();

  /** Sets the timeouts of the role by the statements of the documentation. */
  async function setTimeouts(): Promise<void> {
    const database = new URL(directUrl).pathname.slice(1);
    const names = {
      'role customer_gateway': `role ${role}`,
      'database customer_gateway': `database ${database}`,
    };
    let statements = await codeBlock(PAGE, 'sql');
    for (const [from, to] of Object.entries(names)) statements = statements.replaceAll(from, to);
    // A shorter time, for a shorter test.
    await query(directUrl, statements.replaceAll("'5s'", "'1s'"));
  }

  beforeAll(async () => {
    const temporary = resources.adopt(await temporaryFolder(), (it) => it.remove());
    folder = temporary.path;
    superuserUrl = await emptyDatabase();
    ({ name: role, url: directUrl } = await createRole(superuserUrl));
    await query(superuserUrl, `alter database ${new URL(superuserUrl).pathname.slice(1)} owner to ${role}`);
    await setTimeouts();
    pgbouncer = resources.adopt(await startPgBouncer(directUrl, CONNECTIONS), (it) => it.close());
    const secretsKey = randomBytes(32);
    environment = {
      NODE_ENV: 'test',
      LOG_LEVEL: 'info',
      DATA_DIR: join(folder, 'unused'),
      DATABASE_URL: pgbouncer.url,
      DATABASE_DIRECT_URL: directUrl,
      DATABASE_PREPARED_STATEMENTS: pgbouncer.preparesStatements ? 'on' : 'off',
      DATABASE_STATEMENT_TIMEOUT_MS: '1000',
      SECRETS_KEY: secretsKey.toString('base64'),
      RATE_LIMIT_MAX: '1000000',
      WEBHOOK_ALLOW_PRIVATE: 'on',
    };
    for (let index = 0; index < GATEWAYS; index += 1) ports.push(await freePort());
    gateways.push(...(await Promise.all(ports.map((_, index) => start(index)))));
    resources.defer(async () => {
      await Promise.all(gateways.map((gateway) => gateway.close()));
    });
    const orm = resources.adopt(await openOrm(directUrl), (it) => it.close());
    const [one, two, three] = gateways.map(({ url }) => url);
    if (!one || !two || !three) throw new Error('A gateway is missing');
    const names = Array.from({ length: PARTNERS }, (_, index) => `Partner ${index}`);
    const issued = await issuePartners(orm, new SecretBox([secretsKey]), one, names);
    for (const { teamId, credentials } of issued) {
      const clientOf = (url: string) => new SignedClient(url, credentials);
      partners.push({ teamId, clients: [clientOf(one), clientOf(two), clientOf(three)] });
    }
  });

  /** A partner that no other test has, as it calls each of the gateways. */
  function nextPartner(): PartnerOfAll {
    const partner = partners.pop();
    if (!partner) throw new Error('There are no partners left');
    return partner;
  }

  test('that started at the same moment with migrations pending applied each once, and left no lock', async () => {
    const rows = await query<{ name: string }>(
      directUrl,
      'select name from mikro_orm_migrations order by id',
    );
    expect(rows.map(({ name }) => name)).toEqual(await knownMigrations());
    expect(
      await query(
        directUrl,
        `select from pg_locks join pg_database on pg_database.oid = database
         where locktype = 'advisory' and datname = current_database()`,
      ),
    ).toEqual([]);
  });

  test('restart under load without losing a customer, while an import runs', async () => {
    const { teamId, clients } = nextPartner();
    const loads = clients.map((client) => resources.adopt(startLoad(client, 3), (it) => it.stop()));
    const [first] = clients;
    const updated = await createCustomer(first);
    const stopping = new AbortController();
    let updates = 0;
    const updating = clients.map(async (client, index) => {
      while (!stopping.signal.aborted) {
        const input = { metadata: [{ key: `gateway-${index}`, value: String(updates) }] };
        const answer = await client
          .send(UPDATE_CUSTOMER, { uuid: updated.uuid, input })
          .catch(() => undefined);
        if (answer?.json?.data?.updateCustomer?.__typename === 'Updated') updates += 1;
      }
    });
    const file = join(folder, 'customers.csv');
    const lines = Array.from(
      { length: IMPORTED_ROWS },
      (_, row) => `Imported ${row},row-${row}@import.example`,
    );
    await writeFile(file, `customer,email\n${lines.join('\n')}\n`);
    const importing = operator(environment).run('import', file, '--team', teamId, '--json');

    for (const [index, gateway] of gateways.entries()) {
      await gateway.close();
      gateways[index] = await start(index);
    }
    const imported = await importing;
    stopping.abort();
    await Promise.all([...updating, ...loads.map((load) => load.stop())]);

    expect(imported.stderr).not.toMatch(/error|failed/i);
    expect(JSON.parse(imported.stdout)).toMatchObject({ created: IMPORTED_ROWS, rejected: 0 });
    const calls = loads.flatMap((load) => load.calls);
    const unexpected = calls.filter(({ answer }) => answer && answer.status !== 200 && answer.status !== 503);
    expect(unexpected).toEqual([]);
    const created = calls.flatMap((call) => (call.answer?.status === 200 ? [createdBy(call)] : []));
    const kept = await query<{ id: string }>(directUrl, 'select id from customer where team_id = $1', [
      teamId,
    ]);
    const ids = new Set(kept.map(({ id }) => id));
    expect(created.length).toBeGreaterThan(GATEWAYS);
    expect(created.filter(({ uuid }) => !ids.has(uuid))).toEqual([]);
    expect(kept.length).toBeGreaterThanOrEqual(IMPORTED_ROWS + created.length);
    expect((await readCustomer(first, updated.uuid)).version).toBeGreaterThan(updates);
    const found = await first.send('{ customers(search: "row-77@import") { records { email } } }');
    expect(found.json.data.customers.records).toEqual([{ email: 'row-77@import.example' }]);
  });

  test('deliver the events of each gateway', async () => {
    const receiver = resources.adopt(await startWebhookReceiver(), (it) => it.close());
    const { clients } = nextPartner();
    const [first, ...others] = clients;
    await createEndpoint(first, receiver.url);
    const created = await Promise.all(others.map((client) => createCustomer(client)));
    await eventually('all are delivered', () => receiver.received.length === created.length);
    const delivered = receiver.received.map(({ event }) => event.data.uuid);
    expect(new Set(delivered)).toEqual(new Set(created.map(({ uuid }) => uuid)));
  });

  test('cancel a statement that takes too long', async () => {
    const { clients } = nextPartner();
    const lock = await lockTable(superuserUrl);
    const input = { customer: 'Acme', email: newEmail() };
    const answer = await clients[1].send(CREATE_CUSTOMER, { input });
    expect(answer.status).toBe(503);
    expect(await lock.waiting()).toEqual([]);
    await lock.release();
  });

  test('respond with 503 while others use all connections of PgBouncer, and serve afterwards', async () => {
    const { clients } = nextPartner();
    const send = async () => {
      const answer = await clients[1].send(CREATE_CUSTOMER, {
        input: { customer: 'Acme', email: newEmail() },
      });
      return answer.status;
    };
    const others = Array.from(
      { length: CONNECTIONS },
      () => new pg.Client({ connectionString: pgbouncer.url }),
    );
    for (const other of others) {
      await other.connect();
      await other.query('begin; set local idle_in_transaction_session_timeout = 0');
    }
    expect(await send()).toBe(503);
    expect(gateways[1]?.output()).toContain('query_wait_timeout');
    await Promise.all(others.map((other) => other.end()));
    expect(await send()).toBe(200);
  });

  test('are refused without DATABASE_DIRECT_URL, which doctor names', async () => {
    const { DATABASE_DIRECT_URL: _, DATABASE_PREPARED_STATEMENTS: _on, ...without } = environment;
    expect(await refusedStart(without)).toMatch(
      /^The database address is that of a connection pooler \(unsupported startup parameter.*\)\. Set DATABASE_DIRECT_URL/,
    );
    const listing = await operator(without).run('team', 'list');
    expect(listing).toMatchObject({ code: 1, stderr: expect.stringContaining('Set DATABASE_DIRECT_URL') });
    const migrating = await operator({ ...environment, DATABASE_DIRECT_URL: pgbouncer.url }).run('migrate');
    expect(migrating).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Set DATABASE_DIRECT_URL to the address of PostgreSQL itself.'),
    });
    expect(await failures(without)).toMatchObject({
      'connection pooler': expect.stringContaining('Set DATABASE_DIRECT_URL'),
    });
  });

  /** The failed checks of `doctor`, with their messages. */
  async function failures(variables: Record<string, string>): Promise<Record<string, string>> {
    const { stdout } = await operator(variables).run('doctor', '--json');
    const checks: { check: string; state: string; message: string }[] = JSON.parse(stdout);
    return Object.fromEntries(
      checks.flatMap(({ check, state, message }) => (state === 'failed' ? [[check, message]] : [])),
    );
  }

  test('have nothing that doctor finds wrong', async () => {
    expect(await failures(environment)).toEqual({});
    const { stdout } = await operator(environment).run('doctor');
    expect(stdout).toMatch(/^ok +connection pooler +DATABASE_URL is the address of a connection pooler\.$/m);
    expect(stdout).toMatch(/^ok +database timeouts +.* statement_timeout of 1000 ms/m);
    expect(stdout).toMatch(/^ok +database direct address /m);
  });

  test('have prepared statements exactly if doctor says that the pooler supports them', async () => {
    const failed = await failures({ ...environment, DATABASE_PREPARED_STATEMENTS: 'on' });
    expect(Object.keys(failed)).toEqual(pgbouncer.preparesStatements ? [] : ['prepared statements']);
  });

  test('need a direct address of the same database, which is not that of a pooler', async () => {
    const other = { ...environment, DATABASE_DIRECT_URL: await emptyDatabase() };
    expect(await failures(other)).toEqual({
      'database direct address': expect.stringContaining('lead to different databases'),
    });
    const pooled = { ...environment, DATABASE_DIRECT_URL: pgbouncer.url };
    expect(await failures(pooled)).toEqual({
      'database direct address': expect.stringContaining('is the address of a connection pooler'),
    });
  });

  test('need the timeouts of the role, and doctor names the statements that set them', async () => {
    await query(
      directUrl,
      `alter role ${role} in database ${new URL(directUrl).pathname.slice(1)} reset all`,
    );
    await pgbouncer.reconnect();
    const { 'database timeouts': message = '', ...others } = await failures(environment);
    expect(others).toEqual({});
    const warned = await openLocalGateway(environment).answers();
    await warned.close();
    expect(warned.output()).toContain('the role in DATABASE_URL has no statement_timeout');
    for (const statement of message.match(/ALTER ROLE [^;]+;/g) ?? []) await query(directUrl, statement);
    await pgbouncer.reconnect();
    expect(await failures(environment)).toEqual({});
  });
});
