import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { operator, type Operator } from '../support/operator.js';
import { type GatewayProcess, startGatewayProcess, temporaryFolder } from '../support/process.js';
import { SignedClient } from '../support/signed-client.js';

// One folder for all: whoever is the first to use it makes its database, which takes longer than all the rest.
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let admin: Operator;
beforeAll(async () => {
  folder = await temporaryFolder();
  admin = operator({ DATA_DIR: folder.path });
});
afterAll(() => folder.remove());

const isRunning = () =>
  access(join(folder.path, 'postgres', 'postmaster.pid')).then(
    () => true,
    () => false,
  );

/** What `doctor` finds, by the names of its checks. */
async function findings() {
  const { code, stdout, stderr } = await admin.run('doctor', '--json');
  const list: { check: string; state: string; message: string }[] = JSON.parse(stdout);
  const found = Object.fromEntries(list.map(({ check, ...finding }) => [check, finding]));
  return { code, found, text: `${stdout}${stderr}` };
}

describe('beside a gateway on its embedded database', () => {
  let gateway: GatewayProcess;
  beforeAll(async () => {
    gateway = await startGatewayProcess({ DATA_DIR: folder.path });
  });
  afterAll(() => gateway.stop('SIGTERM'));

  test('commands work, and leave it running', async () => {
    const client = await admin.ask('client', 'create', 'Beside');
    const [{ teamId }] = await admin.ask('team', 'list');
    const { token } = await admin.ask('token', 'issue', '--client', client.clientId, '--team', teamId);
    const partner = new SignedClient(gateway.url, { ...client, token });
    await eventually(
      'the new client can call',
      async () => (await partner.send('{ __typename }')).status === 200,
    );
    expect(await isRunning()).toBe(true);
  });

  test('`doctor` looks at its database and key', async () => {
    const { code, found, text } = await findings();
    expect(code).toBe(0);
    expect(found['database durability']?.state).toBe('ok');
    // Each client has one secret.
    const clients: unknown[] = await admin.ask('client', 'list');
    expect(clients).not.toEqual([]);
    expect(found['secrets']).toEqual({
      state: 'ok',
      message: expect.stringContaining(`(${clients.length})`),
    });
    expect(text).not.toContain('postgresql://');
    expect(await isRunning()).toBe(true);
  });
});

test('without a gateway, a command starts the embedded database and stops it when it is done, and `doctor` does not', async () => {
  expect((await admin.run('migrate')).code).toBe(0);
  const { teamId } = await admin.ask('team', 'create', 'Alone');
  expect(await isRunning()).toBe(false);
  expect((await admin.ask('team', 'list'))[0].teamId).toBe(teamId);

  const { found } = await findings();
  expect(found['database']).toEqual({
    state: 'warning',
    message: expect.stringContaining('No gateway is running on'),
  });
  expect(await isRunning()).toBe(false);
});
