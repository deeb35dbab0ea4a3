import { beforeAll, expect, test } from 'vitest';
import { removeExpiredKeys } from '../../src/idempotency/remove-expired-keys.js';
import { query } from '../support/database.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { CREATE_CUSTOMER } from '../support/operations.js';
import { sharedResources } from '../support/resources.js';
import { newEmail } from '../support/signed-client.js';

/** The most bytes of a key's row in the table: docs/operations.md has what that makes in a day. */
const MAX_ROW_BYTES = 1_253;
/** The same for a key that is a UUID. */
const MAX_ROW_BYTES_OF_UUID = 261;

let gateway: TestGateway;
const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(await startTestGateway({}, 2), (it) => it.close());
});

const CREATE_MANY = `mutation ($inputs: [CreateCustomerInput!]!, $key: String) {
  createCustomers(inputs: $inputs, idempotencyKey: $key) {
    ... on CustomersCreated { successCount errorCount }
  }
}`;

/** Text that cannot be compressed, of characters with this many bytes in UTF-8 each. */
const randomText = (length: number, bytes: 1 | 4) =>
  String.fromCodePoint(
    ...Array.from({ length }, () => (bytes === 1 ? 0x21 : 0x20000) + Math.floor(Math.random() * 90)),
  );

/** A bulk of 100 rows in some 1 MiB: 50 contacts each, long texts, and every second row refused. */
const worstBulk = () =>
  Array.from({ length: 100 }, (_, index) => ({
    customer: 'A',
    email: index % 4 === 3 ? 'taken@example.com' : newEmail(),
    externalId: index % 4 === 1 ? 'taken' : `id-${index}-${crypto.randomUUID()}`,
    notes: randomText(5_000, 1).replaceAll(/["\\]/gu, 'x'),
    metadata: Array.from({ length: 7 }, (_entry, entry) => ({
      key: `key-${entry}`,
      value: randomText(500, 1).replaceAll(/["\\]/gu, 'x'),
    })),
    contacts: Array.from({ length: 50 }, () => ({ phone: '1' })),
  }));

test('a key takes at most 1,253 bytes, and 261 if it is a UUID, however large its input was', async () => {
  const partner = gateway.nextPartner();
  const taken = { customer: 'A', email: 'taken@example.com', externalId: 'taken' };
  await partner.send(CREATE_CUSTOMER, { input: taken });
  for (const [key, most] of [
    [crypto.randomUUID(), MAX_ROW_BYTES_OF_UUID],
    [randomText(255, 4), MAX_ROW_BYTES],
  ]) {
    const inputs = worstBulk();
    const sent = JSON.stringify({ query: CREATE_MANY, variables: { inputs, key } });
    expect(Buffer.byteLength(sent)).toBeGreaterThan(0.9 * 1_048_576);
    const { json } = await partner.post(sent);
    expect(json.data.createCustomers).toEqual({ successCount: 50, errorCount: 50 });
    const sizes = await query<{ bytes: number; toasted: string }>(
      gateway.databaseUrl,
      `select pg_column_size(kept.*) as bytes, pg_relation_size(reltoastrelid) as toasted
       from idempotency_key as kept, pg_class where key = $1 and pg_class.oid = 'idempotency_key'::regclass`,
      [key],
    );
    expect(sizes).toEqual([{ bytes: expect.any(Number), toasted: '0' }]);
    expect(sizes[0]?.bytes).toBeLessThanOrEqual(Number(most));
  }
});

test('expired keys are removed to the last one, in as many statements as it takes, past one that is in use', async () => {
  const partner = gateway.nextPartner();
  await query(
    gateway.databaseUrl,
    `insert into idempotency_key (client_id, team_id, key, request_hash, seed, outcomes, created_at)
     select $1, $2, number, sha256(''), gen_random_uuid(), 'c', now() - interval '25 hours'
     from generate_series(1, 1001) as number`,
    [partner.credentials.clientId, partner.teamId],
  );
  const left = async () =>
    (
      await query<{ key: string }>(
        gateway.databaseUrl,
        'select key from idempotency_key where team_id = $1',
        [partner.teamId],
      )
    ).map(({ key }) => key);
  const connection = gateway.orm.em.getConnection();
  await connection.transactional(async (transaction) => {
    await connection.execute(
      'select from idempotency_key where team_id = ? and key = ? for update',
      [partner.teamId, '1'],
      'all',
      transaction,
    );
    await removeExpiredKeys(gateway.orm);
    expect(await left()).toEqual(['1']);
  });
  await removeExpiredKeys(gateway.orm);
  expect(await left()).toEqual([]);
});
