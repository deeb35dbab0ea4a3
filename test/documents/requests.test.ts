import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ApolloClient, ApolloLink, gql, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { createSignedHttpLink } from 'customer-gateway-client/apollo';
import { print } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { watchStatements } from '../support/gateway-statements.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { type Operator, operator } from '../support/operator.js';
import { type Partner } from '../support/partner.js';
import { temporaryFolder } from '../support/process.js';
import { sharedResources } from '../support/resources.js';
import { type Answer, newEmail } from '../support/signed-client.js';

/** What the operator is promised, in ms. */
const WITHIN_MS = 10_000;

const READ = 'query Read($email: String!) { customerByEmail(email: $email) { email } }';
const CREATE =
  'mutation Create($input: CreateCustomerInput!) { createCustomer(input: $input) { __typename } }';

/** The text that Apollo Client sends, and that its tool for manifests hashes. */
const apolloText = (source: string): string => print(new InMemoryCache().transformDocument(gql(source)));

const hashOf = (source: string): string => createHash('sha256').update(source).digest('hex');

let gateway: TestGateway;
let admin: Operator;
let folder: string;
const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(await startTestGateway({}, 30), (it) => it.close());
  admin = operator({
    DATABASE_URL: gateway.databaseUrl,
    SECRETS_KEY: gateway.secretsKey.toString('base64'),
  });
  folder = resources.adopt(await temporaryFolder(), (it) => it.remove()).path;
});

/** Publishes documents by their IDs, and waits until the gateway knows them. */
async function publish(partner: Partner, manifest: Record<string, string>): Promise<void> {
  const file = join(folder, 'manifest.json');
  await writeFile(file, JSON.stringify(manifest));
  await admin.ask('documents', 'publish', file, '--client', partner.credentials.clientId);
  const [id = ''] = Object.keys(manifest);
  await eventually('the documents are found', async () => !isNotFound(await call(partner, id)), WITHIN_MS);
}

async function setPolicy(partner: Partner, policy: 'any' | 'published'): Promise<void> {
  await admin.ask('client', 'set-documents', partner.credentials.clientId, policy);
  await eventually(
    'the policy applies',
    async () => ((await partner.send('{ __typename }')).status === 200) === (policy === 'any'),
    WITHIN_MS,
  );
}

const post = (partner: Partner, body: object): Promise<Answer> => partner.post(JSON.stringify(body));

const call = (partner: Partner, documentId: string, variables: object = { email: newEmail() }) =>
  post(partner, { documentId, variables });

const persistedQuery = (sha256Hash: unknown, version: unknown = 1) => ({
  extensions: { persistedQuery: { version, sha256Hash } },
});

/** The status and the only error of an answer without data. */
function refusal({ status, json }: Answer): unknown {
  expect(json.data).toBeUndefined();
  expect(json.errors).toHaveLength(1);
  return [status, json.errors[0].extensions.code];
}

const isNotFound = ({ json }: Answer): boolean =>
  json.errors?.[0].extensions.code.startsWith('PERSISTED_QUERY_NOT') ?? false;

/** The statements about published documents that the gateway sent while `run` was running. */
async function statementsOf(run: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = [];
  const end = watchStatements(({ name }) => {
    if (name?.includes('published-document')) sent.push(name);
  });
  try {
    await run();
  } finally {
    end();
  }
  return sent;
}

describe('a published document is executed', () => {
  let partner: Partner;
  const email = newEmail();
  const hash = hashOf(READ);
  beforeAll(async () => {
    partner = gateway.nextPartner();
    await publish(partner, {
      [hash]: READ,
      [hashOf(apolloText(READ))]: apolloText(READ),
      'x-app:create': CREATE,
      both: `${READ} ${CREATE}`,
    });
    await call(partner, 'x-app:create', { input: { customer: 'A', email } });
  });

  test.each<[string, object]>([
    ['its prefixed hash', { documentId: `sha256:${hash}` }],
    ['its hash', { documentId: hash }],
    ["Apollo's extension", persistedQuery(hash)],
    ["Apollo's extension with the prefixed hash", persistedQuery(`sha256:${hash}`)],
    ['both', { documentId: hash, ...persistedQuery(hash) }],
    ['its name among several operations', { documentId: 'both', operationName: 'Read' }],
    ['its ID beside a query that is null', { documentId: hash, query: null }],
  ])('by %s', async (_name, named) => {
    const { status, json } = await post(partner, { ...named, variables: { email } });
    expect([status, json]).toEqual([200, { data: { customerByEmail: { email } } }]);
  });

  test('by the first attempt of Apollo Client, which sends no text', async () => {
    const { bodies, client } = apolloClient(partner);
    const { data } = await client.query({ query: gql(READ), variables: { email } });
    expect(data).toMatchObject({ customerByEmail: { email } });
    expect(bodies).toHaveLength(1);
    expect(bodies[0]).not.toHaveProperty('query');
  });

  test('as any other: a mutation once for each signature, with the errors of its variables', async () => {
    const input = { customer: 'B', email: newEmail() };
    const body = JSON.stringify({ documentId: 'x-app:create', variables: { input } });
    const headers = partner.sign(body);
    const first = await partner.post(body, { headers });
    expect(first.json.data.createCustomer.__typename).toBe('Created');
    const again = await partner.post(body, { headers });
    expect(again.json.errors[0].extensions.reason).toBe('SIGNATURE_REPLAYED');
    expect(refusal(await call(partner, 'x-app:create', {}))).toEqual([400, 'BAD_USER_INPUT']);
    expect(refusal(await call(partner, 'both', {}))).toEqual([400, 'OPERATION_RESOLUTION_FAILURE']);
  });

  test('without a statement about it, once it has been used', async () => {
    await call(partner, hash);
    expect(
      await statementsOf(() => Promise.all([call(partner, hash), call(partner, `sha256:${hash}`)])),
    ).toEqual([]);
  });

  test('and an invented ID costs no statement', async () => {
    const invented = Array.from({ length: 20 }, (_, index) => `invented-${index}`);
    const answers: Answer[] = [];
    const run = async () => answers.push(...(await Promise.all(invented.map((id) => call(partner, id)))));
    expect(await statementsOf(run)).toEqual([]);
    for (const answer of answers) expect(refusal(answer)).toEqual([400, 'PERSISTED_QUERY_NOT_FOUND']);
  });

  test('while any other text is, too', async () => {
    expect((await partner.send(READ, { email })).json.data.customerByEmail).toEqual({ email });
  });

  test('for its own client only', async () => {
    const other = gateway.nextPartner();
    await publish(other, { own: '{ __typename }' });
    for (const id of [hash, 'x-app:create']) {
      expect(refusal(await call(other, id))).toEqual([400, 'PERSISTED_QUERY_NOT_FOUND']);
    }
    expect(refusal(await call(partner, 'own'))).toEqual([400, 'PERSISTED_QUERY_NOT_FOUND']);
    // One name, two documents.
    await publish(other, { both: '{ __typename }' });
    expect((await call(other, 'both')).json.data).toEqual({ __typename: 'Query' });
  });
});

describe('a request that names no published document', () => {
  let partner: Partner;
  beforeAll(() => {
    partner = gateway.nextPartner();
  });

  test.each([
    ['of a client without documents', hashOf(READ)],
    ['that is empty', ''],
    ['that no document can have', 'a b'],
  ])('is refused as clients expect it, for an ID %s', async (_what, documentId) => {
    const answer = await call(partner, documentId);
    expect(refusal(answer)).toEqual([400, 'PERSISTED_QUERY_NOT_FOUND']);
    expect(answer.json.errors[0].message).toBe('PersistedQueryNotFound');
  });

  test.each<[string, object]>([
    ['both a query and an ID', { documentId: 'a', query: '{ __typename }' }],
    ['an ID that is a number', { documentId: 1 }],
    ['an ID that is a list', { documentId: ['a'] }],
    ['another version of the extension', persistedQuery('a', 2)],
    ['no version of the extension', { extensions: { persistedQuery: { sha256Hash: 'a' } } }],
    ['an extension that is a text', { extensions: { persistedQuery: 'a' } }],
    ['a hash that is a number', persistedQuery(1)],
    ['two IDs', { documentId: 'a', ...persistedQuery('b') }],
    ['no document', { variables: {} }],
    ['an ID in a list', [{ documentId: 'a' }]],
    ['extensions that are a list', { documentId: null, extensions: ['a'] }],
  ])('is a bad request with %s', async (_what, body) => {
    expect(refusal(await post(partner, body))).toEqual([400, 'BAD_REQUEST']);
  });

  test('is sent again by Apollo Client with its text, which is executed', async () => {
    const { bodies, client } = apolloClient(partner);
    const email = newEmail();
    const { data } = await client.mutate({
      mutation: gql(CREATE),
      variables: { input: { customer: 'A', email } },
    });
    expect(data).toMatchObject({ createCustomer: { __typename: 'Created' } });
    expect(bodies).toHaveLength(2);
    expect(bodies[1]).toHaveProperty('query');
    // Nothing was registered: an attacker cannot fill the store.
    expect(isNotFound(await call(partner, hashOf(apolloText(CREATE))))).toBe(true);
  });
});

describe('a client that may only execute published documents', () => {
  const hash = hashOf(READ);

  test('executes those, and no text', async () => {
    const partner = gateway.nextPartner();
    await publish(partner, { [hash]: READ });
    await setPolicy(partner, 'published');
    expect((await call(partner, hash)).status).toBe(200);

    for (const query of [READ, '{ __schema { queryType { name } } }', '{', '', 5]) {
      const answer = await post(partner, { query, variables: { email: 'a@b.example' } });
      expect(refusal(answer)).toEqual([400, 'PERSISTED_QUERY_ID_REQUIRED']);
      expect(answer.json.errors[0].message).toContain('Send `documentId` instead of `query`');
    }
    for (const body of [
      { query: READ, documentId: hash },
      { query: READ, ...persistedQuery(hash) },
      { variables: {} },
    ]) {
      expect(refusal(await post(partner, body))).toEqual([400, 'PERSISTED_QUERY_ID_REQUIRED']);
    }
    await setPolicy(partner, 'any');
    expect((await partner.send(READ, { email: newEmail() })).status).toBe(200);
  });

  test('gets another error for an unknown ID, for which Apollo Client does not send the text', async () => {
    const partner = gateway.nextPartner();
    await setPolicy(partner, 'published');
    expect(refusal(await call(partner, hash))).toEqual([400, 'PERSISTED_QUERY_NOT_IN_LIST']);
    const { bodies, client } = apolloClient(partner);
    await expect(client.query({ query: gql(READ), variables: { email: newEmail() } })).rejects.toThrow(
      /published no document with this ID/,
    );
    expect(bodies).toHaveLength(1);
  });

  test('can be created, and is listed', async () => {
    const { clientId } = await admin.ask('client', 'create', 'Trusted', '--documents', 'published');
    const clients: { clientId: string; documents: string }[] = await admin.ask('client', 'list');
    expect(clients.find((client) => client.clientId === clientId)?.documents).toBe('published');
    const other = gateway.nextPartner().credentials.clientId;
    expect(clients.find((client) => client.clientId === other)?.documents).toBe('any');
    expect((await admin.run('client', 'set-documents', crypto.randomUUID(), 'any')).code).toBe(1);
    expect((await admin.run('client', 'set-documents', clientId, 'some')).code).toBe(2);
  });
});

describe('a removed document', () => {
  test('is not found within 10 s, and another one can have its ID then', async () => {
    const partner = gateway.nextPartner();
    await publish(partner, { name: READ, other: CREATE });
    expect((await call(partner, 'name')).status).toBe(200);
    await admin.ask('documents', 'remove', 'name', '--client', partner.credentials.clientId);
    await eventually('it is not found', async () => isNotFound(await call(partner, 'name')), WITHIN_MS);
    expect(refusal(await call(partner, 'other', {}))).toEqual([400, 'BAD_USER_INPUT']);

    await publish(partner, { name: '{ __typename }' });
    expect((await call(partner, 'name')).json.data).toEqual({ __typename: 'Query' });
  });
});

describe('a caller', () => {
  let partner: Partner;
  beforeAll(async () => {
    partner = gateway.nextPartner();
    await publish(partner, { create: CREATE, unused: READ });
  });

  test('who is not known causes no statement about documents', async () => {
    const body = JSON.stringify({ documentId: 'unused', variables: { email: newEmail() } });
    const forged = { headers: { 'x-signature': '0'.repeat(64) } };
    const answers: Answer[] = [];
    expect(await statementsOf(async () => answers.push(await partner.post(body, forged)))).toEqual([]);
    expect(answers[0]?.status).toBe(401);
  });

  test('over its limit gets RateLimited from a published mutation, and 429 before an ID is looked up', async () => {
    const answers = await Promise.all(Array.from({ length: 150 }, () => call(partner, 'unknown')));
    expect(answers.some(({ json }) => json.errors[0].extensions.code === 'RATE_LIMIT_EXCEEDED')).toBe(true);
    const limited = await call(partner, 'create', { input: { customer: 'A', email: newEmail() } });
    expect(limited.json.data.createCustomer.__typename).toBe('RateLimited');
    await Promise.all(Array.from({ length: 100 }, () => call(partner, 'unknown')));
    const refused: Answer[] = [];
    expect(await statementsOf(async () => refused.push(await call(partner, 'unused')))).toEqual([]);
    expect(refused[0]?.status).toBe(429);
  });
});

/** An Apollo Client with its link for persisted queries, and the bodies that it sends. */
function apolloClient(partner: Partner) {
  const bodies: object[] = [];
  const signed = createSignedHttpLink(partner.url, partner.credentials, {
    fetch: async (input, init) => {
      bodies.push(JSON.parse(await new Response(init?.body).text()));
      return fetch(input, init);
    },
  });
  const link = ApolloLink.from([new PersistedQueryLink({ sha256: hashOf }), signed]);
  return { bodies, client: new ApolloClient({ link, cache: new InMemoryCache() }) };
}
