import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SecretBox } from '../../src/auth/secret-box.js';
import { openOrm } from '../../src/orm/orm.js';
import { createCustomer } from '../support/customers.js';
import { eventually } from '../support/eventually.js';
import { openLocalGateway } from '../support/local-gateway.js';
import { UPDATE_CUSTOMER, UPSERT_CUSTOMER } from '../support/operations.js';
import { operator } from '../support/operator.js';
import { issuePartner } from '../support/partner.js';
import { startPostgresVersion, versionProgram } from '../support/postgres-version.js';
import { temporaryFolder } from '../support/process.js';
import { describeWith } from '../support/programs.js';
import { startWebhookReceiver } from '../support/webhook-receiver.js';
import { createEndpoint } from '../support/webhook-operations.js';

/** The embedded release, 18, is that of all other tests. */
const VERSIONS = [15, 16, 17];

const HISTORY = `query ($uuid: UUID!) { customer(uuid: $uuid) { history { nodes { type version } } } }`;

describeWith(...VERSIONS.map((major) => versionProgram(major, 'pg_ctl')))('a gateway on PostgreSQL', () => {
  test.concurrent.each(VERSIONS)('%i migrates an empty database, and does everything', async (major) => {
    await using resources = new AsyncDisposableStack();
    const folder = resources.adopt(await temporaryFolder(), (it) => it.remove());
    const server = resources.adopt(await startPostgresVersion(major, { fsync: 'off' }), (it) => it.stop());
    const secretsKey = randomBytes(32);
    const environment = {
      NODE_ENV: 'test',
      DATA_DIR: join(folder.path, 'unused'),
      DATABASE_URL: server.url,
      SECRETS_KEY: secretsKey.toString('base64'),
      WEBHOOK_ALLOW_PRIVATE: 'on',
    };
    const gateway = resources.adopt(await openLocalGateway(environment).answers(), (it) => it.close());
    const orm = resources.adopt(await openOrm(server.url), (it) => it.close());
    const partner = await issuePartner(orm, new SecretBox([secretsKey]), gateway.url, 'Partner');
    const receiver = resources.adopt(await startWebhookReceiver(), (it) => it.close());
    await createEndpoint(partner, receiver.url);

    const { uuid } = await createCustomer(partner, { customer: 'Ärzte & Söhne', email: 'a@example.com' });
    const input = { notes: 'New' };
    const updated = await partner.send(UPDATE_CUSTOMER, { uuid, input });
    expect(updated.json.data.updateCustomer).toMatchObject({ __typename: 'Updated', data: { version: 2 } });
    const upserted = await partner.send(UPSERT_CUSTOMER, {
      by: 'EMAIL',
      input: { customer: 'Renamed', email: 'A@example.com' },
    });
    expect(upserted.json.data.upsertCustomer).toMatchObject({
      data: { uuid, customer: 'Renamed', version: 3 },
    });

    const file = join(folder.path, 'customers.csv');
    await writeFile(file, 'customer,email\nImported Müller,b@example.com\nRenamed again,a@example.com\n');
    const commands = operator(environment);
    expect(await commands.ask('import', file, '--team', partner.teamId, '--upsert', 'email')).toMatchObject({
      created: 1,
      updated: 1,
      rejected: 0,
    });

    const found = await partner.send('{ customers(search: "MULLER") { records { email } totalRecords } }');
    expect(found.json.data.customers).toEqual({ records: [{ email: 'b@example.com' }], totalRecords: 1 });
    const history = await partner.send(HISTORY, { uuid });
    expect(history.json.data.customer.history.nodes).toHaveLength(4);
    await eventually('all events are delivered', () => receiver.received.length === 5);

    const checks: { check: string; state: string; message: string }[] = await commands.ask('doctor');
    expect(checks.find(({ check }) => check === 'database')).toEqual({
      check: 'database',
      state: 'ok',
      message: expect.stringMatching(RegExp(`^PostgreSQL ${major}\\..* 15 to 18 are supported`)),
    });
  });
});
