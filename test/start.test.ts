import { copyFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findEmbeddedPostgres } from '../src/database/embedded-postgres.js';
import { APPLICATION_NAME } from '../src/database/orm.js';
import { migratedDatabase, query } from './support/database.js';
import { eventually } from './support/eventually.js';
import { type GatewayProcess, run, startGatewayProcess, temporaryFolder } from './support/process.js';
import { type PartnerCredentials, SignedClient } from './support/signed-client.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let gateway: GatewayProcess;
beforeAll(async () => {
  folder = await temporaryFolder();
  gateway = await startGatewayProcess({ DATA_DIR: folder.path, LOG_FORMAT: 'pretty' });
});
afterAll(async () => {
  await gateway.stop('SIGTERM');
  await folder.remove();
});

const demo = async (dataDir = folder.path): Promise<PartnerCredentials & { url: string }> =>
  JSON.parse(await readFile(join(dataDir, 'demo.json'), 'utf8'));

describe('the first start', () => {
  test('ends with the URL, the demo credentials and what to do next, after one line for all migrations', async () => {
    const { url, clientId, clientSecret, token } = await demo();
    await eventually('it has greeted', () => gateway.output().includes('To stop'));
    const command = `DATA_DIR='${folder.path}' node examples/create-customer.mjs`;
    for (const part of [url, new URL('/', url).href, clientId, clientSecret, token, command]) {
      expect(gateway.output()).toContain(part);
    }
    expect(gateway.output().trimEnd()).toMatch(/To stop, press Ctrl\+C\.$/);
    expect(gateway.output().match(/migrat/g)).toHaveLength(2);
    expect(gateway.output()).toMatch(/^\[\d\d:\d\d:\d\d\] INFO: migrated migrations=\d+$/m);
  });

  test('keeps what is secret in files that only their owner can read', async () => {
    for (const name of ['demo.json', 'secrets-key', 'postgres-password']) {
      expect((await stat(join(folder.path, name))).mode & 0o777).toBe(0o600);
    }
  });

  test('refuses a second gateway on the same folder and leaves the first alone, even if that has no connection', async () => {
    const databaseUrl = (await findEmbeddedPostgres(folder.path)) ?? '';
    await query(
      databaseUrl,
      'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1',
      [APPLICATION_NAME],
    );
    const { port } = new URL((await demo()).url);
    const second = await run(process.execPath, ['dist/src/main.js'], { DATA_DIR: folder.path, PORT: port });
    expect(second).toEqual({
      code: 1,
      stdout: '',
      stderr: `A gateway already uses the data folder ${folder.path}: stop it, or start this one with DATA_DIR=.data-2 PORT=${Number(port) + 1} npm start.\n`,
    });
    expect((await fetch(new URL('/readyz', (await demo()).url))).status).toBe(200);
    expect(await findEmbeddedPostgres(folder.path)).toBe(databaseUrl);
  });
});

describe('a later start', () => {
  test.each<NodeJS.Signals>(['SIGTERM', 'SIGINT', 'SIGKILL'])(
    'after %s keeps the data and the demo',
    async (signal) => {
      const before = await demo();
      const client = new SignedClient(before.url, before);
      const email = `${signal}@example.com`;
      const created = await client.send(
        'mutation ($email: String!) { createCustomer(input: { customer: "A", email: $email }) { __typename } }',
        { email },
      );
      expect(created.json.data.createCustomer.__typename).toBe('Created');

      const { code } = await gateway.stop(signal);
      expect(code).toBe(signal === 'SIGKILL' ? null : 0);
      gateway = await startGatewayProcess({ DATA_DIR: folder.path });

      const after = await demo();
      expect(after).toEqual({ ...before, url: after.url });
      const found = await new SignedClient(after.url, after).send(
        'query ($email: String!) { customerByEmail(email: $email) { email } }',
        { email },
      );
      expect(found.json).toEqual({ data: { customerByEmail: { email } } });
    },
  );
});

test('on a server of one’s own, the log has what nobody expected once, by its request id, and no secret', async () => {
  const databaseUrl = await migratedDatabase();
  const own = await temporaryFolder();
  const gatewayOnServer = await startGatewayProcess({ DATA_DIR: own.path, DATABASE_URL: databaseUrl });
  try {
    const credentials = await demo(own.path);
    const client = new SignedClient(credentials.url, credentials);
    await client.send('{ __typename }');
    await query(databaseUrl, 'alter table customer rename to gone');
    const answer = await client.send(
      'mutation { createCustomer(input: { customer: "A", email: "a@example.com" }) { __typename } }',
    );
    await client.send('{ __typename }', {}, { headers: { 'x-signature': '0'.repeat(64) } });
    const { stdout } = await gatewayOnServer.stop('SIGTERM');

    const log = stdout.split('\n').filter((line) => line.startsWith('{'));
    const unexpected = log.filter((line) => line.includes('unexpected error'));
    expect(unexpected).toHaveLength(1);
    expect(unexpected[0]).toContain(answer.json.errors[0].extensions.requestId);
    for (const secret of [credentials.clientSecret, credentials.token, new URL(databaseUrl).password]) {
      expect(log.join()).not.toContain(secret);
    }
  } finally {
    await gatewayOnServer.stop('SIGKILL');
    await own.remove();
  }
});

test('the check of the schema fails when schema.graphql lags behind the code', async () => {
  const stale = join(folder.path, 'schema.graphql');
  const current = await readFile('schema.graphql', 'utf8');
  const check = () =>
    run('sh', [
      '-c',
      'cd "$1" && node "$2" --check',
      'sh',
      folder.path,
      join(process.cwd(), 'dist/src/cli/schema.js'),
    ]);
  for (const file of ['package.json', 'schema.released.graphql']) {
    await copyFile(file, join(folder.path, file));
  }
  await writeFile(stale, current);
  expect((await check()).code).toBe(0);
  await writeFile(stale, current.replace('mainPhone: String', 'phone: String'));
  expect((await check()).code).toBe(1);
});
