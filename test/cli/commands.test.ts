import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { scopes as allScopes } from '../../src/auth/scopes.js';
import { contactFields, textColumns } from '../../src/customers/csv/column-names.js';
import { emptyDatabase, migratedDatabase, query } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { startTestGateway } from '../support/gateway.js';
import { operator, type Operator } from '../support/operator.js';
import { CLI, GATEWAY, run, temporaryFolder } from '../support/process.js';
import { SignedClient } from '../support/signed-client.js';

let environment: Record<string, string>;
let admin: Operator;
beforeAll(async () => {
  environment = {
    NODE_ENV: 'production',
    DATABASE_URL: await migratedDatabase(),
    SECRETS_KEY: randomBytes(32).toString('base64'),
  };
  admin = operator(environment);
});

/** A client, a team, and a token that joins them, as an operator makes them. */
async function onboard(name: string) {
  const [client, { teamId }] = await Promise.all([
    admin.ask('client', 'create', name),
    admin.ask('team', 'create', `Team of ${name}`),
  ]);
  const issued = await admin.ask('token', 'issue', '--client', client.clientId, '--team', teamId);
  return { ...client, ...issued, teamId };
}

// The exit codes, the output and the errors of a process: 2 here, 1 in the next one, and 0 where a token is revoked by
// stdin. Every process takes longer than ten commands in this one.
test('the command is there for npx once the gateway is built, with its exit code', async () => {
  // npx keeps what it finds, from tests before this one too.
  const cache = await temporaryFolder();
  const finished = await run('npx', ['customer-gateway', 'team', 'delete'], { npm_config_cache: cache.path });
  await cache.remove();
  expect(finished).toEqual({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining("error: unknown command 'delete'"),
  });
});

test('the process of a command that fails has its exit code and its errors', async () => {
  expect(await admin.start('token', 'revoke', 'cgt_unknown').finished).toEqual({
    code: 1,
    stdout: '',
    stderr: 'The token does not exist.\n',
  });
});

test('a command ends quietly when the reader of its output is gone', async () => {
  const { stderr } = await run('sh', ['-c', `"$0" ${CLI} --help | true`, process.execPath]);
  expect(stderr).toBe('');
});

test('a command in process leaves no connection, timer or listener behind', async () => {
  const variables = { ...environment, DATABASE_URL: await migratedDatabase() };
  const own = operator(variables);
  const connections = () =>
    query(
      variables.DATABASE_URL,
      'select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
  const isDisconnected = async () => (await connections()).length === 0;
  const left = () => [
    process.getActiveResourcesInfo().toSorted(),
    process.eventNames().map((name) => [name, process.listenerCount(name)]),
  ];
  // The modules that the first commands load may keep something open.
  const runAll = async () => {
    await own.ask('client', 'create', 'Closed');
    expect((await own.run('team', 'create', '')).code).toBe(2);
    expect((await own.run('client', 'revoke', crypto.randomUUID())).code).toBe(1);
    expect((await own.run('doctor')).code).toBe(0);
    expect(await own.ask('migrate')).toEqual({ applied: [], reverted: [] });
    await eventually('the server has no connection left', isDisconnected);
  };
  await runAll();
  const before = left();
  await runAll();
  await eventually('nothing more is open than before', () => isDeepStrictEqual(left(), before));
});

describe('a partner', () => {
  test('who was onboarded at the command line can call', async () => {
    const gateway = await startTestGateway(
      {
        environment: 'production',
        databaseUrl: environment['DATABASE_URL'],
        secretsKeys: [Buffer.from(environment['SECRETS_KEY'] ?? '', 'base64')],
      },
      0,
    );
    try {
      const { clientId, clientSecret, token } = await onboard('Acme');
      const partner = new SignedClient(gateway.url, { clientId, clientSecret, token });
      await eventually(
        'its client is known',
        async () => (await partner.send('{ __typename }')).status === 200,
      );
      const answer = await partner.send(
        'mutation { createCustomer(input: { customer: "A", email: "a@example.com" }) { __typename } }',
      );
      expect(answer.json.data.createCustomer.__typename).toBe('Created');
    } finally {
      await gateway.close();
    }
  });

  test('is listed with its team and token, and without anything secret', async () => {
    const { clientId, clientSecret, tokenId, token, teamId } = await onboard('Listed');
    for (const format of [[], ['--json']]) {
      const lists = await Promise.all([
        admin.run('client', 'list', ...format),
        admin.run('team', 'list', ...format),
        admin.run('token', 'list', '--client', clientId, ...format),
      ]);
      expect(lists.map(({ code }) => code)).toEqual([0, 0, 0]);
      const [clients, teams, tokens] = lists.map(({ stdout }) => stdout);
      expect(clients).toContain(clientId);
      expect(teams).toContain(teamId);
      expect(tokens).toContain(tokenId);
      for (const secret of [clientSecret, token]) expect(`${clients}${teams}${tokens}`).not.toContain(secret);
    }
    const [listed] = await admin.ask('token', 'list', '--team', teamId);
    expect(listed).toMatchObject({ tokenId, clientId, teamId, revokedAt: null });
    expect(await admin.ask('token', 'list', '--team', crypto.randomUUID())).toEqual([]);
  });

  test('loses a token by its id, by itself or by stdin, once', async () => {
    const { clientId, tokenId, token, teamId } = await onboard('Revoked');
    expect(await admin.ask('token', 'revoke', tokenId)).toEqual({ result: 'REVOKED' });
    expect(await admin.ask('token', 'revoke', token)).toEqual({ result: 'ALREADY_REVOKED' });

    const next = await admin.ask('token', 'issue', '--client', clientId, '--team', teamId);
    const command = `echo ${next.token} | "$0" ${CLI} token revoke -`;
    expect(await run('sh', ['-c', command, process.execPath], environment)).toEqual({
      code: 0,
      stdout: 'Revoked. Gateways reject it within 10 s.\n',
      stderr: '',
    });
    const tokens = await admin.ask('token', 'list', '--client', clientId);
    expect(tokens.filter((each: { revokedAt: string | null }) => each.revokedAt === null)).toEqual([]);
  });

  test('gets a token for the days that it is to have', async () => {
    const { clientId, teamId } = await onboard('Days');
    await admin.ask('token', 'issue', '--client', clientId, '--team', teamId, '--days', '1');
    const [{ createdAt, expiresAt }] = await admin.ask('token', 'list', '--client', clientId, '--limit', '1');
    const hours = (Date.parse(expiresAt) - Date.parse(createdAt)) / 3_600_000;
    expect(Math.round(hours)).toBe(24);
  });

  test('gets a token of the scopes that are named, once each and in their order, or of all', async () => {
    const { clientId, teamId } = await onboard('Scoped');
    const grant = ['token', 'issue', '--client', clientId, '--team', teamId];
    const some = ['customers:read', 'customers:write', 'events:read'];
    const named = ['--scope', 'events:read, customers:write', '--scope', 'customers:read,events:read'];
    expect((await admin.ask(...grant, ...named)).scopes).toEqual(some);
    expect((await admin.run(...grant, ...named)).stdout).toMatch(
      /^scopes {4}customers:read, customers:write, events:read$/m,
    );
    expect((await admin.run(...grant)).stdout).toMatch(/^scopes {4}all$/m);

    const tokens = await admin.ask('token', 'list', '--client', clientId);
    const listed = tokens.map(({ scopes }: { scopes: readonly string[] }) => scopes);
    expect(listed).toEqual([allScopes, some, some, allScopes]);
    const { stdout } = await admin.run('token', 'list', '--client', clientId);
    expect(stdout).toMatch(/ SCOPES\n.* all\n.* customers:read, customers:write, events:read\n/);
  });

  test('whose client is revoked gets no token and no secret', async () => {
    const { clientId, teamId } = await onboard('Ended');
    expect(await admin.ask('client', 'revoke', clientId)).toEqual({ clientId, result: 'REVOKED' });
    expect(await admin.ask('client', 'revoke', clientId)).toEqual({ clientId, result: 'ALREADY_REVOKED' });
    for (const command of [
      ['token', 'issue', '--client', clientId, '--team', teamId],
      ['client', 'rotate', clientId],
    ]) {
      const { code, stdout, stderr } = await admin.run(...command);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toBe(`Client ${clientId} does not exist or is revoked.\n`);
    }
  });
});

test('a secret is printed once, to stdout, for people and for scripts', async () => {
  const { code, stdout, stderr } = await admin.run('client', 'create', 'Printed');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^client id {6}[0-9a-f-]{36}\nclient secret {2}cgs_[\w-]{43}\n$/);
  expect(stderr).toBe('');
  expect(await admin.ask('client', 'create', 'For scripts')).toEqual({
    clientId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    clientSecret: expect.stringMatching(/^cgs_[\w-]{43}$/),
  });
});

test('a list that was cut says so', async () => {
  await onboard('One');
  await onboard('Two');
  const { stdout, stderr } = await admin.run('team', 'list', '--limit', '1', '--json');
  expect(JSON.parse(stdout)).toHaveLength(1);
  expect(stderr).toContain('--limit');
});

describe('a command that cannot be done ends with 1 when', () => {
  const id = crypto.randomUUID();

  test.each([
    ['the client is unknown', ['client', 'rotate', id], `Client ${id} does not exist`],
    ['the client to revoke is unknown', ['client', 'revoke', id], `Client ${id} does not exist.`],
    ['the secret is unknown', ['client', 'revoke', id, '--secret', id], 'has no active secret'],
    ['the token is unknown', ['token', 'revoke', 'cgt_unknown'], 'The token does not exist.'],
    ['the token’s id is unknown', ['token', 'revoke', id], 'The token does not exist.'],
  ])('%s', async (_case, command, message) => {
    const { code, stdout, stderr } = await admin.run(...command);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
  });

  test('the team is unknown', async () => {
    const { clientId } = await admin.ask('client', 'create', 'Without a team');
    const { code, stderr } = await admin.run('token', 'issue', '--client', clientId, '--team', id);
    expect([code, stderr]).toEqual([1, `Team ${id} does not exist.\n`]);
  });

  test('the database cannot be reached, which is reported without its password', async () => {
    const elsewhere = operator({ ...environment, DATABASE_URL: 'postgresql://u:hunter2@127.0.0.1:1/d' });
    const { code, stderr } = await elsewhere.run('team', 'list');
    expect(code).toBe(1);
    expect(stderr).toContain('ECONNREFUSED');
    expect(stderr).not.toContain('hunter2');
  });

  test('the database is not migrated, and works once it is', async () => {
    const fresh = operator({ ...environment, DATABASE_URL: await emptyDatabase() });
    const { code, stderr } = await fresh.run('team', 'list');
    expect(code).toBe(1);
    expect(stderr).toContain('customer-gateway migrate');
    const { applied } = await fresh.ask('migrate');
    expect(applied.length).toBeGreaterThan(0);
    expect(await fresh.ask('migrate')).toEqual({ applied: [], reverted: [] });
    expect(await fresh.ask('team', 'list')).toEqual([]);
  });
});

describe('a command that is called in the wrong way ends with 2 when', () => {
  const id = crypto.randomUUID();

  test.each([
    ['a name is blank', ['team', 'create', ' \t'], 'must not be blank'],
    ['a name is too long', ['client', 'create', 'x'.repeat(256)], 'at most 255 characters'],
    ['a name is missing', ['client', 'create'], "missing required argument 'name'"],
    ['an id is no UUID', ['client', 'revoke', '1'], 'The value must be a UUID'],
    ['an option is missing', ['token', 'issue', '--client', id], '--team'],
    [
      'a scope is unknown',
      ['token', 'issue', '--client', id, '--team', id, '--scope', 'customers:read,customers:all'],
      'customers:read, customers:write, customers:delete, webhooks:manage, events:read',
    ],
    ['a scope is empty', ['token', 'issue', '--client', id, '--team', id, '--scope', ''], 'customers:read'],
    ['a number is out of range', ['token', 'list', '--limit', '0'], 'from 1 to 10000'],
    ['a time has no unit', ['client', 'rotate', id, '--overlap', '90'], '24h'],
    ['a time is too long', ['client', 'rotate', id, '--overlap', '31d'], 'at most'],
    ['an option is unknown', ['team', 'list', '--colour'], "unknown option '--colour'"],
    ['a command is unknown', ['team', 'delete'], "unknown command 'delete'"],
    ['there is none', [], 'Usage: customer-gateway'],
  ])('%s', async (_case, command, message) => {
    const { code, stdout, stderr } = await admin.run(...command);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  test('a variable is not valid', async () => {
    const { code, stderr } = await operator({ ...environment, SECRETS_KEY: 'hunter2' }).run('team', 'list');
    expect(code).toBe(2);
    expect(stderr).toContain('SECRETS_KEY must be base64');
    expect(stderr).not.toContain('hunter2');
  });
});

test('--help ends with 0 and names the commands', async () => {
  const { code, stdout } = await admin.run('--help');
  expect(code).toBe(0);
  const commands = 'client team token webhook secrets migrate work doctor sign listen import export'.split(
    ' ',
  );
  for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
});

test('--version ends with 0 and prints the version of the package', async () => {
  const { version } = JSON.parse(await readFile('package.json', 'utf8'));
  expect(await admin.run('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test.each([
  ['dist/src/main.js', 'npm start'],
  [GATEWAY, 'npm start'],
  [CLI, 'npx customer-gateway'],
  ['bin/customer-gateway.js', 'npx customer-gateway'],
])('%s says in one sentence that an older Node cannot run it', async (entry, command) => {
  const older = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.18.1' } });`;
  const preload = `data:text/javascript,${encodeURIComponent(older)}`;
  expect(await run(process.execPath, ['--import', preload, entry])).toEqual({
    code: 1,
    stdout: '',
    stderr: `The gateway requires Node 24 or later, but this is Node 20.18.1. Use ${command}, or run it with node_modules/.bin/node.\n`,
  });
});

test('an entry loads nothing before it has checked the version of Node', async () => {
  for (const entry of ['dist/src/main.js', 'dist/src/cli/main.js', GATEWAY, CLI]) {
    const imports = Array.from((await readFile(entry, 'utf8')).matchAll(/^import .*["'](.*)["'];$/gm));
    expect(imports).toHaveLength(1);
    const [[, imported = ''] = []] = imports;
    expect(imported).toContain('check-node');
    expect(await readFile(join(dirname(entry), imported), 'utf8')).not.toMatch(/^import /m);
  }
});

test('import --help names every column', async () => {
  const { stdout } = await admin.run('import', '--help');
  for (const column of [...textColumns, ...contactFields]) expect(stdout).toContain(column);
});

test.each(['doctor', 'sign', 'listen', 'import', 'export', 'work'])(
  '%s --help has an example',
  async (command) => {
    const { code, stdout } = await admin.run(command, '--help');
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Example[^]*^  (PORT=\\d+ )?customer-gateway ${command}`, 'm'));
  },
);
