import { expect, test } from 'vitest';
import { query } from '../support/database.js';
import { startTestGateway } from '../support/gateway.js';
import { type Partner } from '../support/partner.js';

/** Customers that the bulks share. */
const CUSTOMERS = 120;
const ROWS = 40;
const BULKS = 10;
const ROUNDS = 3;

const CREATE_MANY = `mutation ($inputs: [CreateCustomerInput!]!, $key: String) {
  createCustomers(inputs: $inputs, idempotencyKey: $key) {
    __typename ... on CustomersCreated { results { __typename } }
  }
}`;
const UPDATE_MANY = `mutation ($inputs: [UpdateCustomersItemInput!]!) {
  updateCustomers(inputs: $inputs) { __typename ... on CustomersUpdated { results { __typename } } }
}`;
const UPSERT = `mutation ($input: CreateCustomerInput!) {
  upsertCustomer(input: $input, by: EXTERNAL_ID) { __typename }
}`;

const startUnlimited = () => startTestGateway({ rateLimit: { max: 1_000_000, windowSeconds: 60 } });

const numbers = Array.from({ length: CUSTOMERS }, (_, index) => index);
const shuffled = <Item>(items: readonly Item[]) =>
  items
    .map((item) => [Math.random(), item] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, item]) => item);
/** Some of the customers in random order, with emails and external ids that need not belong together. */
const someInputs = (isPaired: boolean) => {
  const ids = shuffled(numbers).slice(0, ROWS);
  const externalIds = isPaired ? ids : shuffled(ids);
  return ids.map((id, index) => ({
    customer: 'A',
    email: `${id}@x.example`,
    externalId: `x-${externalIds[index]}`,
  }));
};

/** The deadlocks that PostgreSQL has seen in a database. Connections tell of them when they end. */
const deadlocksIn = async (databaseUrl: string) => {
  const [row] = await query<{ deadlocks: string }>(
    databaseUrl,
    'select deadlocks from pg_stat_database where datname = current_database()',
  );
  return Number(row?.deadlocks);
};

/** Sends operations at once. @returns what went wrong: GraphQL errors and statuses other than 200. */
async function failuresOf(calls: readonly (() => ReturnType<Partner['send']>)[]): Promise<unknown[]> {
  const answers = await Promise.all(calls.map((call) => call()));
  return answers.filter(({ status, json }) => status !== 200 || json.errors).map(({ json }) => json);
}

test.each([
  ['of the same pairs of email and external id', true, undefined],
  ['of emails and external ids that cross', false, undefined],
  ['with idempotency keys', true, () => crypto.randomUUID()],
])('bulks %s, in random order and at once, never deadlock', async (_case, isPaired, newKey) => {
  const gateway = await startUnlimited();
  try {
    const partner = gateway.nextPartner();
    for (let round = 0; round < ROUNDS; round += 1) {
      const calls = Array.from(
        { length: BULKS },
        () => () => partner.send(CREATE_MANY, { inputs: someInputs(isPaired), key: newKey?.() }),
      );
      expect(await failuresOf(calls)).toEqual([]);
      await query(gateway.databaseUrl, 'delete from customer');
    }
  } finally {
    await gateway.close();
  }
  expect(await deadlocksIn(gateway.databaseUrl)).toBe(0);
});

test('bulks of updates that hand emails around, and upserts beside them, get their turn', async () => {
  await using cleanup = new AsyncDisposableStack();
  const gateway = cleanup.adopt(await startUnlimited(), (it) => it.close());
  const partner = gateway.nextPartner();
  const emails = numbers.slice(0, ROWS).map((id) => `${id}@x.example`);
  const inputs = emails.map((email, index) => ({ customer: 'A', email, externalId: `x-${index}` }));
  await partner.send(CREATE_MANY, { inputs });
  const { json } = await partner.send('{ customers(limit: 100) { records { uuid } } }');
  const uuids: string[] = json.data.customers.records.map(({ uuid }: { uuid: string }) => uuid);
  for (let round = 0; round < ROUNDS; round += 1) {
    const handAround = () => {
      const next = shuffled(emails);
      const changes = shuffled(uuids).map((uuid, index) => ({ uuid, email: next[index] }));
      return partner.send(UPDATE_MANY, { inputs: changes });
    };
    const upserts = inputs.slice(0, 5).map((input) => () => partner.send(UPSERT, { input }));
    const calls = [...Array.from({ length: BULKS }, () => handAround), ...upserts];
    expect(await failuresOf(calls)).toEqual([]);
  }
});
