import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { operator, type Operator } from '../support/operator.js';
import { startGatewayProcess, temporaryFolder } from '../support/process.js';
import { SignedClient } from '../support/signed-client.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let admin: Operator;
beforeEach(async () => {
  folder = await temporaryFolder();
  admin = operator({ DATA_DIR: folder.path });
});
afterEach(() => folder.remove());

const isRunning = () =>
  access(join(folder.path, 'postgres', 'postmaster.pid')).then(
    () => true,
    () => false,
  );

test('commands work beside a gateway on its embedded database, and leave it running', async () => {
  const gateway = await startGatewayProcess({ DATA_DIR: folder.path });
  try {
    const client = await admin.ask('client', 'create', 'Beside');
    const [{ teamId }] = await admin.ask('team', 'list');
    const { token } = await admin.ask('token', 'issue', '--client', client.clientId, '--team', teamId);
    const partner = new SignedClient(gateway.url, { ...client, token });
    await eventually(
      'the new client can call',
      async () => (await partner.send('{ __typename }')).status === 200,
    );
    expect(await isRunning()).toBe(true);
  } finally {
    await gateway.stop('SIGTERM');
  }
});

test('without a gateway, a command starts the embedded database and stops it when it is done', async () => {
  expect((await admin.run('migrate')).code).toBe(0);
  const { teamId } = await admin.ask('team', 'create', 'Alone');
  expect(await isRunning()).toBe(false);
  expect((await admin.ask('team', 'list'))[0].teamId).toBe(teamId);
});
