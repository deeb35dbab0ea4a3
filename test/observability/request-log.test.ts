import { beforeAll, describe, expect, test } from 'vitest';
import { issueToken } from '../../src/auth/issue-credentials.js';
import { openOrm } from '../../src/orm/orm.js';
import { newCustomer } from '../support/customers.js';
import { migratedDatabase, query } from '../support/database.js';
import { type DemoGateway, startDemoGateway } from '../support/demo-gateway.js';
import { eventually } from '../support/eventually.js';
import { parseExposition } from '../support/exposition.js';
import { CREATE_CUSTOMER } from '../support/operations.js';
import { temporaryFolder } from '../support/process.js';
import { sharedResources } from '../support/resources.js';
import { type Answer, exchange, newEmail, SignedClient } from '../support/signed-client.js';
import { lockTable } from '../support/table-lock.js';

/** The ID of a new customer. */
const CREATED_UUID = '{ ... on Created { data { uuid } } }';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let gateway: DemoGateway;
let client: SignedClient;
let databaseUrl: string;
const resources = sharedResources();
beforeAll(async () => {
  folder = resources.adopt(await temporaryFolder(), (it) => it.remove());
  databaseUrl = await migratedDatabase();
  gateway = resources.adopt(
    await startDemoGateway(folder.path, { DATABASE_URL: databaseUrl, LOG_LEVEL: 'debug' }),
    async (it) => {
      await it.stop('SIGTERM');
    },
  );
  ({ client } = gateway);
});

const linesOfRequests = () =>
  gateway
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line))
    .filter(({ msg }) => msg === 'request');

/** The one line that the log has of a request. */
async function lineOf({ headers }: Answer) {
  const lines = () => linesOfRequests().filter(({ requestId }) => requestId === headers['x-request-id']);
  await eventually('the request is in the log', () => lines().length > 0);
  expect(lines()).toHaveLength(1);
  return lines()[0];
}

test('the log has of a create who called, what ran, how it ended and how long it took', async () => {
  const answer = await client.send(CREATE_CUSTOMER, { input: newCustomer() });
  const line = await lineOf(answer);
  expect(line).toMatchObject({
    level: 'info',
    method: 'POST',
    route: '/graphql',
    status: 200,
    clientId: client.credentials.clientId,
    operation: 'createCustomer',
    outcome: 'Created',
  });
  expect(line.teamId).toMatch(/^[0-9a-f-]{36}$/);
  expect(line.tokenId).toMatch(/^[0-9a-f-]{36}$/);
  expect(line.ms).toBeGreaterThan(0);
});

test('the log has of a refused operation the fields that were not allowed and the code', async () => {
  const orm = await openOrm(databaseUrl);
  const { clientId, ...secrets } = client.credentials;
  const [{ teamId } = { teamId: '' }] = await query<{ teamId: string }>(
    databaseUrl,
    'select team_id as "teamId" from access_token where client_id = $1',
    [clientId],
  );
  const { token } = await issueToken(orm, { clientId, teamId, days: 1, scopes: ['customers:write'] });
  await orm.close();
  const restricted = new SignedClient(client.url, { clientId, ...secrets, token });
  const answer = await restricted.send(
    '{ customers { page } webhookEndpoints { uuid } customer(uuid: "x") { uuid } }'.replace(
      '"x"',
      `"${crypto.randomUUID()}"`,
    ),
  );
  expect(await lineOf(answer)).toMatchObject({
    level: 'info',
    status: 403,
    code: 'FORBIDDEN',
    operation: 'customers,webhookEndpoints,customer',
    outcome: 'FORBIDDEN,FORBIDDEN,FORBIDDEN',
  });
});

describe('the log has of a change which customers it changed:', () => {
  const create = async (email = newEmail()) => {
    const answer = await client.send(
      `mutation { createCustomer(input: { customer: "Acme", email: "${email}" }) ${CREATED_UUID} }`,
    );
    return { answer, uuid: answer.json.data.createCustomer.data.uuid };
  };

  test('created, updated, upserted, deleted, restored and erased', async () => {
    const email = newEmail();
    const { answer: created, uuid } = await create(email);
    const upserted = await client.send(
      `mutation { upsertCustomer(input: { customer: "Acme", email: "${email}" }, by: EMAIL) { __typename } }`,
    );
    const updated = await client.send(
      `mutation { updateCustomer(uuid: "${uuid}", input: { notes: "x" }) { __typename } }`,
    );
    const deleted = await client.send(`mutation { deleteCustomer(uuid: "${uuid}") { __typename } }`);
    const restored = await client.send(`mutation { restoreCustomer(uuid: "${uuid}") { __typename } }`);
    const erased = await client.send(`mutation { eraseCustomer(uuid: "${uuid}") { __typename } }`);
    for (const answer of [created, upserted, updated, deleted, restored, erased]) {
      expect(await lineOf(answer)).toMatchObject({ customerIds: uuid, customers: 1 });
    }
  });

  test('several root fields, in their order', async () => {
    const answer = await client.send(
      `mutation {
        a: createCustomer(input: { customer: "Acme", email: "${newEmail()}" }) ${CREATED_UUID}
        b: createCustomer(input: { customer: "", email: "" }) ${CREATED_UUID}
        c: createCustomer(input: { customer: "Acme", email: "${newEmail()}" }) ${CREATED_UUID}
      }`,
    );
    const { a, c } = answer.json.data;
    expect(await lineOf(answer)).toMatchObject({
      customerIds: `${a.data.uuid},${c.data.uuid}`,
      customers: 2,
    });
  });

  test('all of a full bulk, and at most 100 of several', async () => {
    const bulk = (name: string) =>
      `${name}: createCustomers(inputs: $inputs${name}) { ... on CustomersCreated { results ${CREATED_UUID} } }`;
    const answer = await client.send(
      `mutation ($inputsa: [CreateCustomerInput!]!, $inputsb: [CreateCustomerInput!]!) { ${bulk('a')} ${bulk('b')} }`,
      {
        inputsa: [{ customer: '', email: '' }, ...Array.from({ length: 99 }, newCustomer)],
        inputsb: Array.from({ length: 100 }, newCustomer),
      },
    );
    const { a, b } = answer.json.data;
    const ids = [...a.results, ...b.results].flatMap(({ data }) => data?.uuid ?? []);
    expect(ids).toHaveLength(199);
    expect(await lineOf(answer)).toMatchObject({ customerIds: ids.slice(0, 100).join(), customers: 199 });
  });

  test('none of a read, or of a mutation that changed none', async () => {
    const { uuid } = await create();
    const answers = [
      await client.send(`{ customer(uuid: "${uuid}") { uuid } }`),
      await client.send('mutation { createCustomer(input: { customer: "", email: "" }) { __typename } }'),
      await client.send(
        'mutation { deleteCustomer(uuid: "00000000-0000-4000-8000-000000000000") { __typename } }',
      ),
    ];
    for (const answer of answers) {
      const line = await lineOf(answer);
      expect(line).not.toHaveProperty('customerIds');
      expect(line).not.toHaveProperty('customers');
    }
  });
});

test('a create whose caller did not wait is in the log and among the metrics, as 499', async () => {
  const caller = new AbortController();
  const lock = await lockTable(databaseUrl);
  try {
    const impatient = client.send(CREATE_CUSTOMER, { input: newCustomer() }, { signal: caller.signal });
    await lock.waitedForBy(1);
    caller.abort();
    await expect(impatient).rejects.toThrow('aborted');
  } finally {
    await lock.release();
  }
  const abandoned = () => linesOfRequests().filter(({ status }) => status === 499);
  await eventually('the create is in the log', () => abandoned().length > 0);
  expect(abandoned()).toEqual([
    expect.objectContaining({ level: 'info', operation: 'createCustomer', outcome: 'Created' }),
  ]);
  const { text } = await exchange(new URL('/metrics', gateway.url), 'GET', {}, '');
  const labels = { route: '/graphql', status: '499' };
  expect(parseExposition(text).sum('http_request_duration_seconds_count', labels)).toBe(1);
});

test('several root fields stand in one line in their order', async () => {
  const answer = await client.send(`mutation {
    a: createCustomer(input: { customer: "", email: "" }) { __typename }
    b: deleteCustomer(uuid: "00000000-0000-4000-8000-000000000000") { __typename }
  }`);
  expect(await lineOf(answer)).toMatchObject({
    operation: 'createCustomer,deleteCustomer',
    outcome: 'ValidationError,NotFound',
  });
});

test('a request that is not authenticated has its reason, and nothing of who it claims to be', async () => {
  const answer = await client.send('{ __typename }', {}, { headers: { 'x-signature': '0'.repeat(64) } });
  const line = await lineOf(answer);
  expect(line).toMatchObject({ status: 401, code: 'UNAUTHENTICATED', reason: 'SIGNATURE_MISMATCH' });
  expect(line).not.toHaveProperty('clientId');
});

test('what a caller writes is not in the log', async () => {
  const forged = '"}\n{"level":"info","msg":"forged"}';
  const headers = { 'user-agent': 'forged', 'x-request-id': 'forged', traceparent: 'forged' };
  const answers = await Promise.all([
    client.post(JSON.stringify({ query: '{ __typename }', operationName: forged }), { headers }),
    client.send('query forged { forged: customerByEmail(email: "forged@example.com") { uuid } }'),
    client.send(CREATE_CUSTOMER, { input: { customer: forged, email: 'forged@example.com' } }, { headers }),
    client.send('{ forged }'),
    exchange(new URL('/forged?forged=forged', gateway.url), 'GET', headers, ''),
    exchange(new URL('/graphql', gateway.url), 'POST', { 'x-client-id': 'forged' }, '{"forged":1}'),
  ]);
  for (const answer of answers) await lineOf(answer);
  expect(gateway.output()).not.toContain('forged');
});

test.each(['/healthz', '/readyz', '/metrics'])('%s is logged as debug', async (path) => {
  expect(await lineOf(await exchange(new URL(path, gateway.url), 'GET', {}, ''))).toMatchObject({
    level: 'debug',
    route: path,
    status: 200,
  });
});
