import { beforeAll, expect, test } from 'vitest';
import { migratedDatabase } from '../../support/database.js';
import { type DemoGateway, startDemoGateway } from '../../support/demo-gateway.js';
import { CREATE_CUSTOMER, UPDATE_CUSTOMER } from '../../support/operations.js';
import { temporaryFolder } from '../../support/process.js';
import { sharedResources } from '../../support/resources.js';
import { startShell } from '../../support/shell.js';
import { newEmail } from '../../support/signed-client.js';

const TIMEOUT_MS = 30_000;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let gateway: DemoGateway;
const resources = sharedResources();
beforeAll(async () => {
  folder = resources.adopt(await temporaryFolder(), (it) => it.remove());
  gateway = resources.adopt(
    await startDemoGateway(folder.path, { DATABASE_URL: await migratedDatabase() }),
    async (it) => {
      await it.stop('SIGTERM');
    },
  );
});

test('examples/follow-changes.mjs prints each change as it is made', async () => {
  const variables = { DATA_DIR: folder.path };
  const example = resources.adopt(
    startShell('exec node examples/follow-changes.mjs', { cwd: process.cwd(), variables }),
    (it) => it.stop(),
  );
  await example.matching(/Waiting for changes\./, TIMEOUT_MS);
  const email = newEmail();
  const { json } = await gateway.client.send(CREATE_CUSTOMER, { input: { customer: 'Acme', email } });
  const { uuid } = json.data.createCustomer.data;
  await gateway.client.send(UPDATE_CUSTOMER, { uuid, input: { notes: 'late payer' } });
  const [printed] = await example.matching(/\S+ CREATED [^]*late payer$/m, TIMEOUT_MS);
  const [created, updated, change] = printed.split('\n');
  expect(created).toContain(`CREATED Acme <${email}>, version 1`);
  expect(updated).toContain(`UPDATED Acme <${email}>, version 2`);
  expect(change).toBe('  notes: null → late payer');
});
