import { cp, lstat, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findEmbeddedPostgres } from '../src/database/embedded-postgres.js';
import { APPLICATION_NAME } from '../src/database/connection.js';
import { migratedDatabase, query } from './support/database.js';
import { eventually } from './support/eventually.js';
import { openLocalGateway } from './support/local-gateway.js';
import {
  GATEWAY,
  type GatewayProcess,
  run,
  startGatewayProcess,
  temporaryFolder,
} from './support/process.js';
import { newEmail, type PartnerCredentials, SignedClient } from './support/signed-client.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let gateway: GatewayProcess | undefined;
beforeAll(async () => {
  folder = await temporaryFolder();
  gateway = await startGatewayProcess({ DATA_DIR: folder.path, LOG_FORMAT: 'pretty' });
});
afterAll(async () => {
  await gateway?.stop('SIGTERM');
  await folder.remove();
});

/** The gateway of the folder, started anew when it was stopped. */
const running = async () => (gateway ??= await startGatewayProcess({ DATA_DIR: folder.path }));

const demo = async (dataDir = folder.path): Promise<PartnerCredentials & { url: string }> =>
  JSON.parse(await readFile(join(dataDir, 'demo.json'), 'utf8'));

/** The process of the folder's PostgreSQL. */
const serverId = async () =>
  (await readFile(join(folder.path, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0];

describe('the first start', () => {
  test('ends with the URL, the demo credentials and what to do next, after one line for all migrations', async () => {
    const { url, clientId, clientSecret, token } = await demo();
    const first = await running();
    await eventually('it has greeted', () => first.output().includes('To stop'));
    const command = `DATA_DIR='${folder.path}' node examples/create-customer.mjs`;
    for (const part of [url, new URL('/', url).href, clientId, clientSecret, token, command]) {
      expect(first.output()).toContain(part);
    }
    expect(first.output().trimEnd()).toMatch(/To stop, press Ctrl\+C\.$/);
    expect(first.output().match(/migrat/g)).toHaveLength(2);
    expect(first.output()).toMatch(/^\[\d\d:\d\d:\d\d\] INFO: migrated migrations=\d+$/m);
  });

  test('keeps what is secret in files that only their owner can read', async () => {
    for (const name of ['demo.json', 'secrets-key', 'postgres-password']) {
      expect((await stat(join(folder.path, name))).mode & 0o777).toBe(0o600);
    }
  });

  test('refuses a second gateway on the same folder and leaves the first alone, even if that has no connection', async () => {
    await running();
    const databaseUrl = (await findEmbeddedPostgres(folder.path)) ?? '';
    await query(
      databaseUrl,
      'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1',
      [APPLICATION_NAME],
    );
    const { port } = new URL((await demo()).url);
    const second = await run(process.execPath, [GATEWAY], { DATA_DIR: folder.path, PORT: port });
    expect(second).toEqual({
      code: 1,
      stdout: '',
      stderr: `Another gateway is using the data folder ${folder.path}. Stop it, or start this one with DATA_DIR=.data-2 PORT=${Number(port) + 1} npm start.\n`,
    });
    expect((await fetch(new URL('/readyz', (await demo()).url))).status).toBe(200);
    expect(await findEmbeddedPostgres(folder.path)).toBe(databaseUrl);
  });
});

/** Creates a customer with the demo client of a folder. @returns a check that a later gateway knows both. */
async function createByDemo(dataDir: string): Promise<(laterUrl: string) => Promise<void>> {
  const before = await demo(dataDir);
  const email = newEmail();
  const created = await new SignedClient(before.url, before).send(
    'mutation ($email: String!) { createCustomer(input: { customer: "A", email: $email }) { __typename } }',
    { email },
  );
  expect(created.json.data.createCustomer.__typename).toBe('Created');
  return async (laterUrl) => {
    const after = await demo(dataDir);
    expect(after).toEqual({ ...before, url: laterUrl });
    const found = await new SignedClient(after.url, after).send(
      'query ($email: String!) { customerByEmail(email: $email) { email } }',
      { email },
    );
    expect(found.json).toEqual({ data: { customerByEmail: { email } } });
  };
}

describe('a later start', () => {
  test('after SIGINT keeps the data and the demo', async () => {
    const stopped = await running();
    const expectKept = await createByDemo(folder.path);
    expect((await stopped.stop('SIGINT')).code).toBe(0);
    gateway = undefined;
    await expectKept((await running()).url);
  });

  test('after SIGKILL keeps the data and the demo, and has the database that was left running', async () => {
    const stopped = await running();
    const expectKept = await createByDemo(folder.path);
    const server = await serverId();
    expect((await stopped.stop('SIGKILL')).code).toBe(null);
    gateway = undefined;
    const later = await openLocalGateway({ DATA_DIR: folder.path }).answers();
    try {
      await expectKept(later.url);
      expect((await fetch(new URL('/readyz', later.url))).status).toBe(200);
      expect(await serverId()).toBe(server);
    } finally {
      await later.close();
    }
  });
});

describe('on a server of one’s own', () => {
  let own: Awaited<ReturnType<typeof temporaryFolder>>;
  let variables: { DATA_DIR: string; DATABASE_URL: string };
  let gatewayOnServer: GatewayProcess;
  beforeAll(async () => {
    own = await temporaryFolder();
    variables = { DATA_DIR: own.path, DATABASE_URL: await migratedDatabase() };
    gatewayOnServer = await startGatewayProcess(variables);
  });
  afterAll(async () => {
    await gatewayOnServer.stop('SIGKILL');
    await own.remove();
  });

  test.each([
    ['is empty', (file: string) => writeFile(file, '')],
    ['is cut off', async (file: string) => truncate(file, 20)],
    ['is of something else', (file: string) => writeFile(file, '{"token": 1}')],
    [
      'cannot be opened',
      async (file: string) => {
        await rm(file);
        await symlink(file, file);
      },
    ],
  ])(
    'a start whose demo.json %s issues new credentials and warns without its content',
    async (_case, damage) => {
      const place = await temporaryFolder();
      const settings = { ...variables, DATA_DIR: place.path };
      const file = join(place.path, 'demo.json');
      await (await openLocalGateway(settings).answers()).close();
      const before = await demo(place.path);
      await damage(file);

      const again = await openLocalGateway(settings).answers();
      try {
        expect(again.output()).toMatch(
          /"level":40,.*demo\.json".*"cannot read the demo credentials; creating new/,
        );
        expect(again.output()).not.toContain(before.clientSecret.slice(0, 8));
        const credentials = await demo(place.path);
        expect((await new SignedClient(again.url, credentials).send('{ __typename }')).status).toBe(200);
        expect((await lstat(file)).isFile()).toBe(true);
      } finally {
        await again.close();
        await place.remove();
      }
    },
  );

  test('the log has an unexpected error once, with its request ID, and no secret; a start after SIGTERM keeps the data and the demo', async () => {
    const databaseUrl = variables.DATABASE_URL;
    const expectKept = await createByDemo(own.path);
    const credentials = await demo(own.path);
    const client = new SignedClient(credentials.url, credentials);
    await client.send('{ __typename }');
    await query(databaseUrl, 'alter table customer rename to gone');
    const answer = await client.send(
      'mutation { createCustomer(input: { customer: "A", email: "a@example.com" }) { __typename } }',
    );
    await client.send('{ __typename }', {}, { headers: { 'x-signature': '0'.repeat(64) } });
    const { code, stdout } = await gatewayOnServer.stop('SIGTERM');
    expect(code).toBe(0);

    const log = stdout.split('\n').filter((line) => line.startsWith('{'));
    const unexpected = log.filter((line) => line.includes('unexpected error'));
    expect(unexpected).toHaveLength(1);
    expect(unexpected[0]).toContain(answer.json.errors[0].extensions.requestId);
    for (const secret of [credentials.clientSecret, credentials.token, new URL(databaseUrl).password]) {
      expect(log.join()).not.toContain(secret);
    }

    await query(databaseUrl, 'alter table gone rename to customer');
    const later = await openLocalGateway(variables).answers();
    try {
      await expectKept(later.url);
    } finally {
      await later.close();
    }
  });
});

test('the check of the schema fails when schema.graphql lags behind the code, and for no other reason', async () => {
  const current = await readFile('schema.graphql', 'utf8');
  for (const file of [
    'package.json',
    'schema.released.graphql',
    'client/schema.graphql',
    'client/src/from-schema',
  ]) {
    await cp(file, join(folder.path, file), { recursive: true });
  }
  await writeFile(join(folder.path, 'schema.graphql'), current.replace('mainPhone: String', 'phone: String'));
  const { code, stderr } = await run('sh', [
    '-c',
    'cd "$1" && node "$2" --check',
    'sh',
    folder.path,
    join(process.cwd(), 'scripts/schema.ts'),
  ]);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: 'schema.graphql differs from the code; run `npm run schema` and commit it.\n',
  });
});
