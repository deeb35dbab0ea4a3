import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { type Command } from 'commander';
import { beforeAll, describe, expect, test } from 'vitest';
import { Output } from '../../src/cli/command-io.js';
import { buildProgram } from '../../src/cli/run-command.js';
import { codeBlocks } from '../support/code-block.js';
import { migratedDatabase, query } from '../support/database.js';
import { operator, type Operator } from '../support/operator.js';
import { temporaryFolder } from '../support/process.js';
import { sharedResources } from '../support/resources.js';
import { createRole } from '../support/role.js';

const olderKey = randomBytes(32).toString('base64');
const newerKey = randomBytes(32).toString('base64');

let databaseUrl: string;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let admin: Operator;
const resources = sharedResources();
beforeAll(async () => {
  databaseUrl = await migratedDatabase();
  folder = resources.adopt(await temporaryFolder(), (it) => it.remove());
  admin = operatorWith({});
});

/** An operator with these environment variables. */
function operatorWith(variables: Readonly<Record<string, string>>): Operator {
  return operator({
    NODE_ENV: 'production',
    DATABASE_URL: databaseUrl,
    SECRETS_KEY: `${newerKey},${olderKey}`,
    ...variables,
  });
}

const newClient = async (): Promise<string> => (await admin.ask('client', 'create', 'Partner')).clientId;
const newTeam = async (): Promise<string> => (await admin.ask('team', 'create', 'Team')).teamId;

/** Writes a manifest of documents with these IDs. */
async function newManifest(ids: readonly string[]): Promise<string> {
  const file = join(folder.path, `${crypto.randomUUID()}.json`);
  const documents = ids.map((id, index) => [id, `{ a${index}: __typename }`]);
  await writeFile(file, JSON.stringify(Object.fromEntries(documents)));
  return file;
}

async function newEndpoint(): Promise<string> {
  const [clientId, teamId, endpointId] = [await newClient(), await newTeam(), crypto.randomUUID()];
  await query(
    databaseUrl,
    "insert into webhook_endpoint (id, team_id, client_id, url) values ($1, $2, $3, 'https://example.com')",
    [endpointId, teamId, clientId],
  );
  return endpointId;
}

async function newDelivery(endpointId: string): Promise<string> {
  const deliveryId = crypto.randomUUID();
  await query(
    databaseUrl,
    "insert into webhook_delivery (id, endpoint_id, status) values ($1, $2, 'FAILED')",
    [deliveryId, endpointId],
  );
  return deliveryId;
}

/** A command that changes something, and the part of its entry that differs from command to command. */
interface AuditedCommand {
  readonly command: readonly string[];
  /** @param answer - of the command, in JSON. */
  readonly entry: (answer: Record<string, string>) => object;
}

/** Prepares each audited command. */
const changes: Readonly<Record<string, () => Promise<AuditedCommand>>> = {
  async 'client create'() {
    return {
      command: ['client', 'create', 'Partner'],
      entry: ({ clientId }) => ({ clientId, details: {} }),
    };
  },
  async 'client rotate'() {
    const clientId = await newClient();
    return {
      command: ['client', 'rotate', clientId, '--overlap', '1h'],
      entry: () => ({ clientId, details: { overlapSeconds: 3_600 } }),
    };
  },
  async 'client set-documents'() {
    const clientId = await newClient();
    return {
      command: ['client', 'set-documents', clientId, 'published'],
      entry: () => ({ clientId, details: { documentPolicy: 'PUBLISHED' } }),
    };
  },
  async 'client revoke'() {
    const clientId = await newClient();
    return { command: ['client', 'revoke', clientId], entry: () => ({ clientId, details: {} }) };
  },
  async 'team create'() {
    return { command: ['team', 'create', 'Team'], entry: ({ teamId }) => ({ teamId, details: {} }) };
  },
  async 'token issue'() {
    const ids = { clientId: await newClient(), teamId: await newTeam() };
    return {
      command: ['token', 'issue', '--client', ids.clientId, '--team', ids.teamId],
      entry: ({ tokenId }) => ({ ...ids, details: { tokenId, days: 90 } }),
    };
  },
  async 'token revoke'() {
    const ids = { clientId: await newClient(), teamId: await newTeam() };
    const issued = await admin.ask('token', 'issue', '--client', ids.clientId, '--team', ids.teamId);
    return {
      command: ['token', 'revoke', issued.token],
      entry: () => ({ ...ids, details: { tokenId: issued.tokenId } }),
    };
  },
  async 'documents publish'() {
    const clientId = await newClient();
    return {
      command: ['documents', 'publish', await newManifest(['read']), '--client', clientId],
      entry: () => ({ clientId, details: { documents: ['read'] } }),
    };
  },
  async 'documents remove'() {
    const clientId = await newClient();
    await admin.ask('documents', 'publish', await newManifest(['read']), '--client', clientId);
    return {
      command: ['documents', 'remove', 'read', '--client', clientId],
      entry: () => ({ clientId, details: { documents: ['read'] } }),
    };
  },
  async 'webhook disable'() {
    const endpointId = await newEndpoint();
    return { command: ['webhook', 'disable', endpointId], entry: () => ({ details: { endpointId } }) };
  },
  async 'webhook redeliver'() {
    const deliveryId = await newDelivery(await newEndpoint());
    return { command: ['webhook', 'redeliver', deliveryId], entry: () => ({ details: { deliveryId } }) };
  },
  async 'secrets reencrypt'() {
    await operatorWith({ SECRETS_KEY: olderKey }).ask('client', 'create', 'With the older key');
    return {
      command: ['secrets', 'reencrypt'],
      entry: () => ({ details: { entity: 'ClientSecret', reencrypted: 1 } }),
    };
  },
  async import() {
    const teamId = await newTeam();
    const file = join(folder.path, `${teamId}.csv`);
    await writeFile(file, 'customer,email\nAcme,ada@acme.example\n');
    return {
      command: ['import', file, '--team', teamId],
      entry: () => ({ teamId, details: { importId: expect.any(String) } }),
    };
  },
  async erase() {
    const teamId = await newTeam();
    const file = join(folder.path, `${teamId}.csv`);
    await writeFile(file, 'customer,email\nAcme,ada@acme.example\n');
    await admin.ask('import', file, '--team', teamId);
    return {
      command: ['erase', '--team', teamId, '--yes'],
      entry: () => ({ teamId, details: { customers: 1 } }),
    };
  },
  async export() {
    const teamId = await newTeam();
    return { command: ['export', '--team', teamId], entry: () => ({ teamId, details: {} }) };
  },
};

/** Commands that the audit log does not have, and why. */
const unaudited: Readonly<Record<string, string>> = {
  'client list': 'reads',
  'team list': 'reads',
  'token list': 'reads',
  'documents list': 'reads',
  'webhook list': 'reads',
  audit: 'reads',
  doctor: 'reads',
  sign: 'uses no database',
  listen: 'is a client of the API',
  migrate: 'is recorded in mikro_orm_migrations, and creates the table of the audit log',
  work: 'delivers webhooks as a gateway does',
};

/** The commands of the program that can be run. */
async function commands(): Promise<{ readonly name: string; readonly isAudited: boolean }[]> {
  const output = new Output(new Writable());
  const program = await buildProgram({
    env: {},
    stdin: Readable.from([]),
    stdout: output,
    stderr: output,
    withAbortOnSignal: () => Promise.reject(new Error('No command runs')),
  });
  const leaves = (command: Command, path: readonly string[]): { name: string; isAudited: boolean }[] => {
    if (command.commands.length > 0) {
      return command.commands.flatMap((child) => leaves(child, [...path, child.name()]));
    }
    return [{ name: path.join(' '), isAudited: command.options.some(({ long }) => long === '--as') }];
  };
  return leaves(program, []);
}

test('every command is declared here as audited or not', async () => {
  const all = await commands();
  const named = (isAudited: boolean) =>
    all
      .filter((command) => command.isAudited === isAudited)
      .map(({ name }) => name)
      .toSorted();
  expect(named(true)).toEqual(Object.keys(changes).toSorted());
  expect(named(false)).toEqual(Object.keys(unaudited).toSorted());
});

const actionOf = (name: string) => name.replace(' ', '.');

/** The entries of a command, newest first. */
const entriesOf = (name: string) => admin.ask('audit', '--action', actionOf(name), '--limit', '10000');

test.each(Object.entries(changes))('`%s` leaves one entry with its target', async (name, prepare) => {
  const { command, entry } = await prepare();
  const before = await entriesOf(name);
  const { code, stdout, stderr } = await admin.run(...command, '--json');
  expect([code, stderr]).toEqual([0, expect.not.stringContaining('rror')]);
  const answer = name === 'export' ? {} : JSON.parse(stdout);
  const [newest, ...earlier] = await entriesOf(name);
  expect(newest).toMatchObject({
    action: actionOf(name),
    teamId: null,
    clientId: null,
    details: {},
    ...entry(answer),
  });
  expect(earlier).toEqual(before);
});

test('the scopes of a limited token are recorded', async () => {
  const [clientId, teamId] = [await newClient(), await newTeam()];
  const command = ['token', 'issue', '--client', clientId, '--team', teamId, '--scope', 'customers:read'];
  const { tokenId } = await admin.ask(...command);
  expect((await entriesOf('token issue'))[0].details).toEqual({
    tokenId,
    days: 90,
    scopes: ['customers:read'],
  });
});

test('one secret of a client, and all failed deliveries of an endpoint, are named', async () => {
  const clientId = await newClient();
  const secretId = (await admin.ask('client', 'list', '--limit', '1'))[0].secrets[0].secretId;
  await admin.ask('client', 'revoke', clientId, '--secret', secretId);
  expect((await entriesOf('client revoke'))[0]).toMatchObject({ clientId, details: { secretId } });

  const endpointId = await newEndpoint();
  await newDelivery(endpointId);
  await newDelivery(endpointId);
  await admin.ask('webhook', 'redeliver', '--endpoint', endpointId);
  const [entry] = await entriesOf('webhook redeliver');
  expect(entry.details).toEqual({ endpointId, deliveries: 2 });
});

describe('an entry', () => {
  test('has the account and the host, and the version of the gateway', async () => {
    const own = operatorWith({ LOGNAME: 'ada' });
    await own.ask('team', 'create', 'Team');
    const [entry] = await own.ask('audit', '--limit', '1');
    expect(entry).toMatchObject({
      operator: `ada@${hostname()}`,
      account: 'ada',
      host: hostname(),
      clientAddress: null,
      pid: process.pid,
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      databaseRole: new URL(databaseUrl).username,
    });
    expect(Math.abs(Date.parse(entry.createdAt) - Date.now())).toBeLessThan(60_000);
  });

  test('has the name of `--as` beside the account', async () => {
    const own = operatorWith({ LOGNAME: 'root', SUDO_USER: 'ada' });
    await own.ask('team', 'create', 'Team', '--as', 'Ada Lovelace');
    expect((await own.ask('audit', '--limit', '1'))[0]).toMatchObject({
      operator: 'Ada Lovelace',
      account: 'ada',
    });
  });

  test.each([
    ['203.0.113.5 50000 198.51.100.1 22', '203.0.113.5'],
    ['2001:db8::1 50000 2001:db8::2 22', '2001:db8::1'],
    ['not an address', null],
    [`${'1'.repeat(1_000)} 1 2 3`, null],
  ])('of the SSH connection %p has the address %p', async (connection, clientAddress) => {
    const own = operatorWith({ SSH_CONNECTION: connection });
    await own.ask('team', 'create', 'Team');
    expect((await own.ask('audit', '--limit', '1'))[0].clientAddress).toBe(clientAddress);
  });

  test('has at most 255 characters of an account', async () => {
    const own = operatorWith({ SUDO_USER: '🙂'.repeat(1_000) });
    await own.ask('team', 'create', 'Team');
    const [{ account, operator: name }] = await own.ask('audit', '--limit', '1');
    expect([account, name]).toEqual(['🙂'.repeat(255), '🙂'.repeat(255)]);
  });

  test('names at most 20 documents, and their total', async () => {
    const clientId = await newClient();
    const ids = Array.from({ length: 21 }, (_, index) => `id-${index}`);
    const file = await newManifest(ids);
    await admin.ask('documents', 'publish', file, '--client', clientId);
    const [{ details }] = await entriesOf('documents publish');
    expect(details).toEqual({ documents: ids.slice(0, 20), total: 21 });
  });

  test('has no secret', async () => {
    const { clientId, clientSecret } = await admin.ask('client', 'create', 'Partner');
    const rotated = await admin.ask('client', 'rotate', clientId);
    const { token } = await admin.ask('token', 'issue', '--client', clientId, '--team', await newTeam());
    await admin.ask('token', 'revoke', token);
    const stored = JSON.stringify(await query(databaseUrl, 'select * from audit_entry'));
    for (const secret of [clientSecret, rotated.clientSecret, token, newerKey, olderKey]) {
      expect(stored).not.toContain(secret);
    }
  });
});

describe('a change and its entry are stored together:', () => {
  const total = async () => (await query(databaseUrl, 'select from audit_entry')).length;

  test.each([
    ['client', 'rotate', crypto.randomUUID()],
    ['client', 'revoke', crypto.randomUUID()],
    ['client', 'revoke', crypto.randomUUID(), '--secret', crypto.randomUUID()],
    ['client', 'set-documents', crypto.randomUUID(), 'any'],
    ['token', 'issue', '--client', crypto.randomUUID(), '--team', crypto.randomUUID()],
    ['token', 'revoke', 'cgt_unknown'],
    ['documents', 'remove', 'unknown', '--client', crypto.randomUUID()],
    ['webhook', 'disable', crypto.randomUUID()],
    ['webhook', 'redeliver', crypto.randomUUID()],
    ['export', '--team', crypto.randomUUID()],
  ])('%s %s, which fails, leaves no entry', async (...command) => {
    const before = await total();
    expect((await admin.run(...command)).code).toBe(1);
    expect(await total()).toBe(before);
  });

  test('a change that is repeated without an effect leaves no entry', async () => {
    const clientId = await newClient();
    await admin.ask('client', 'revoke', clientId);
    const before = await total();
    await admin.ask('client', 'revoke', clientId);
    expect(await total()).toBe(before);
  });

  test('an import that stores nothing leaves no entry', async () => {
    const teamId = await newTeam();
    const file = join(folder.path, `${teamId}.csv`);
    await writeFile(file, 'customer,email\nAcme,ada@acme.example\n');
    const before = await total();
    await admin.ask('import', file, '--team', teamId, '--dry-run');
    expect(await total()).toBe(before);
  });

  test.each(Object.entries(changes))('`%s` changes nothing without its entry', async (name, prepare) => {
    const { command } = await prepare();
    const before = await storedRows();
    const refusal = `alter table audit_entry add constraint refused check (action <> '${actionOf(name)}') not valid`;
    await query(databaseUrl, refusal);
    const { code, stdout } = await admin.run(...command);
    await query(databaseUrl, 'alter table audit_entry drop constraint refused');
    expect([code, stdout]).toEqual([1, '']);
    expect(await storedRows()).toEqual(before);
  });
});

/** All rows that commands change. */
async function storedRows() {
  const tables = [
    'team',
    'api_client',
    'client_secret',
    'access_token',
    'published_document',
    'webhook_endpoint',
    'webhook_delivery',
    'customer',
  ];
  return Promise.all(
    tables.map((table) => query(databaseUrl, `select * from ${table} order by ${table}::text`)),
  );
}

const columns =
  'id, operator, account, host, client_address, pid, version, action, team_id, client_id, details';

describe('the table of the audit log', () => {
  test.each([
    "update audit_entry set operator = 'Eve'",
    'delete from audit_entry',
    'delete from audit_entry where false',
    'truncate audit_entry',
    `insert into audit_entry (${columns}) select ${columns} from audit_entry
     on conflict (id) do update set operator = 'Eve'`,
  ])('refuses its owner: %s', async (statement) => {
    await expect(query(databaseUrl, statement)).rejects.toThrow('The audit log is append-only');
  });

  test('refuses a role with all privileges of default privileges', async () => {
    const role = await createRole(databaseUrl);
    await query(databaseUrl, `grant all on audit_entry to ${role.name}`);
    await expect(query(role.url, 'delete from audit_entry')).rejects.toThrow('The audit log is append-only');
    await expect(query(role.url, 'drop table audit_entry')).rejects.toThrow('must be owner');
    await expect(query(role.url, 'alter table audit_entry disable trigger all')).rejects.toThrow(
      'must be owner',
    );
  });

  test('takes neither a time nor a role from the statement', async () => {
    await query(
      databaseUrl,
      `insert into audit_entry (${columns}, created_at, database_role)
       values ($1, 'Eve', 'eve', 'host', null, 1, '1', 'forged', null, null, '{}', '2000-01-01', 'nobody')`,
      [crypto.randomUUID()],
    );
    const [entry] = await admin.ask('audit', '--action', 'forged');
    expect(entry.databaseRole).toBe(new URL(databaseUrl).username);
    expect(Date.parse(entry.createdAt)).toBeGreaterThan(Date.parse('2020-01-01'));
  });
});

test('the owner archives old entries as docs/audit-log.md describes', async () => {
  const block = (await codeBlocks('docs/audit-log.md')).find(({ code }) => code.includes('delete from'));
  // psql writes the copy.
  const statements = block?.code.replace(/^\\copy .*$/m, '') ?? '';
  const teamId = await newTeam();
  const old = crypto.randomUUID();
  await query(
    databaseUrl,
    `begin;
     alter table audit_entry disable trigger audit_entry_insert;
     insert into audit_entry (${columns}, created_at, database_role)
     values ('${old}', 'Ada', 'ada', 'host', null, 1, '1', 'team.create', null, null, '{}', now() - interval '3 years', 'role');
     alter table audit_entry enable trigger audit_entry_insert;
     commit`,
  );
  const before = await query(databaseUrl, 'select id from audit_entry');
  await query(databaseUrl, statements);
  expect(await query(databaseUrl, 'select id from audit_entry')).toHaveLength(before.length - 1);
  expect(await admin.ask('audit', '--team', teamId)).toHaveLength(1);
  await expect(query(databaseUrl, 'delete from audit_entry')).rejects.toThrow('append-only');
});

describe('`audit`', () => {
  test('lists the newest first, up to --limit', async () => {
    const [first, second] = [await newTeam(), await newTeam()];
    const { stdout, stderr } = await admin.run('audit', '--action', 'team.create', '--limit', '2', '--json');
    expect(JSON.parse(stdout).map(({ teamId }: { teamId: string }) => teamId)).toEqual([second, first]);
    expect(stderr).toContain('--limit');
    expect((await admin.run('audit', '--limit', '10001')).code).toBe(2);
  });

  test('lists what matches every filter', async () => {
    const [clientId, teamId] = [await newClient(), await newTeam()];
    const { tokenId } = await admin.ask('token', 'issue', '--client', clientId, '--team', teamId);
    await admin.ask('documents', 'publish', await newManifest(['one', 'two']), '--client', clientId);
    const actions = async (...filters: string[]) =>
      (await admin.ask('audit', ...filters)).map(({ action }: { action: string }) => action);
    const all = ['documents.publish', 'token.issue', 'client.create'];
    expect(await actions('--client', clientId)).toEqual(all);
    expect(await actions('--target', clientId)).toEqual(all);
    expect(await actions('--team', teamId)).toEqual(['token.issue', 'team.create']);
    expect(await actions('--target', tokenId)).toEqual(['token.issue']);
    expect(await actions('--target', 'two', '--client', clientId)).toEqual(['documents.publish']);
    expect(await actions('--client', clientId, '--action', 'token')).toEqual(['token.issue']);
    expect(await actions('--client', clientId, '--action', 'tok')).toEqual([]);
    expect(await actions('--client', clientId, '--since', '2100-01-01T00:00:00Z')).toEqual([]);
    expect(await actions('--client', clientId, '--since', '2020-01-01T00:00:00Z')).toEqual(all);
  });

  test('shows people who changed what, from where, on one line that cannot control the terminal', async () => {
    const own = operatorWith({
      SUDO_USER: 'eve\u001b[31m\nforged',
      SSH_CONNECTION: '203.0.113.5 1 198.51.100.1 22',
    });
    const { teamId } = await own.ask('team', 'create', 'Team');
    const { stdout } = await own.run('audit', '--team', teamId);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^TIME +OPERATOR +ACTION +TARGET +FROM$/);
    expect(lines[1]).toContain('team.create');
    expect(lines[1]).toContain(`teamId=${teamId}`);
    expect(lines[1]).toContain(String.raw`eve\u001b[31m\u000aforged@${hostname()} via 203.0.113.5`);
  });

  test.each([
    [['--team', 'x'], 'must be a UUID'],
    [['--since', 'yesterday'], 'ISO 8601'],
    [['--action', ''], 'must not be empty'],
    [['--target', 'x'.repeat(256)], 'at most 255 characters'],
  ])('refuses %p', async (options, message) => {
    const { code, stderr } = await admin.run('audit', ...options);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  test('refuses a name in --as that is blank, long or controls the terminal', async () => {
    for (const name of [' ', 'x'.repeat(256), 'a\u001b[31m']) {
      expect((await admin.run('team', 'create', 'Team', '--as', name)).code).toBe(2);
    }
  });
});
