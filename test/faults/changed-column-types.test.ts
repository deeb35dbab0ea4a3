import { beforeAll, expect, test } from 'vitest';
import { newCustomer } from '../support/customers.js';
import { query } from '../support/database.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { CREATE_CUSTOMER, UPDATE_CUSTOMER, UPSERT_CUSTOMER } from '../support/operations.js';
import { type Partner } from '../support/partner.js';
import { sharedResources } from '../support/resources.js';
import { newEmail } from '../support/signed-client.js';

/** More than there are connections. */
const AT_ONCE = 30;

let gateway: TestGateway;
const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(await startTestGateway({ rateLimit: { max: 1_000, windowSeconds: 60 } }), (it) =>
    it.close(),
  );
});

/** Sends every kind of statement. @returns the outcomes that are no success. */
async function failures(partner: Partner): Promise<unknown[]> {
  const input = newCustomer({ externalId: newEmail() });
  const created = await partner.send(CREATE_CUSTOMER, { input });
  const { uuid } = created.json.data.createCustomer.data;
  const answers = [
    created,
    await partner.send(UPDATE_CUSTOMER, { uuid, input: { notes: 'x' } }),
    await partner.send(UPDATE_CUSTOMER, { uuid, input: { email: newEmail() } }),
    await partner.send(UPSERT_CUSTOMER, { input: { ...input, notes: 'y' }, by: 'EXTERNAL_ID' }),
    await partner.send('query ($uuid: UUID!) { customer(uuid: $uuid) { notes } }', { uuid }),
    await partner.send('{ customers { totalRecords records { notes } } }'),
    await partner.send('mutation ($uuid: UUID!) { deleteCustomer(uuid: $uuid) { __typename } }', { uuid }),
  ];
  return answers.filter(({ status, json }) => status !== 200 || json.errors).map(({ json }) => json);
}

test('a migration that changes the type of a column while calls are served harms none of them', async () => {
  const partner = gateway.nextPartner();
  const callAtOnce = async () =>
    (await Promise.all(Array.from({ length: AT_ONCE }, () => failures(partner)))).flat();
  expect(await callAtOnce()).toEqual([]);
  await query(gateway.databaseUrl, 'alter table customer alter column notes type text');
  expect(await callAtOnce()).toEqual([]);
});
