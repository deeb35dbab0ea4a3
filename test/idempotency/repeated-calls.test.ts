import { beforeAll, describe, expect, test } from 'vitest';
import { openCustomerRepository } from '../../src/customers/customer-repository.js';
import { validateCustomer } from '../../src/customers/create/validate-customer.js';
import { hashRequest } from '../../src/idempotency/idempotency-key.js';
import { query } from '../support/database.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import {
  CREATE_CUSTOMER,
  CREATE_CUSTOMERS,
  DELETE_CUSTOMER,
  readCustomer,
  UPDATE_CUSTOMER,
} from '../support/operations.js';
import { sharedResources } from '../support/resources.js';
import { type Answer, newEmail, SignedClient } from '../support/signed-client.js';

let gateway: TestGateway;
/** A second gateway on the same database. */
let other: TestGateway;
const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(await startTestGateway({}, 12), (it) => it.close());
  other = resources.adopt(
    await startTestGateway({ databaseUrl: gateway.databaseUrl, secretsKeys: [gateway.secretsKey] }, 0),
    (it) => it.close(),
  );
});

const row = (parts: Record<string, unknown> = {}) => ({ customer: ' Acme ', email: newEmail(), ...parts });
/** A customer with every kind of part, with white space that is removed. */
const fullRow = () =>
  row({
    externalId: crypto.randomUUID(),
    notes: ' a\nb ',
    metadata: [
      { key: 'z', value: '1' },
      { key: 'a', value: '2' },
    ],
    billingAddress: { city: 'Oslo ' },
    shippingAddress: { street: ' ' },
    contacts: [{ firstName: 'Ada', isPrimary: true }, { phone: '1' }, { email: 'c@example.com' }],
  });

/** Rows that are valid, not valid, and in conflict with this customer, with an earlier row, or with both. */
const mixedRows = (taken: { email: string; externalId: string }) => {
  const twice = row();
  return [
    fullRow(),
    row({ email: 'x', contacts: [{}, { phone: '1' }] }),
    row({ email: taken.email.toUpperCase() }),
    fullRow(),
    row({ externalId: taken.externalId }),
    twice,
    row({ email: twice.email }),
    row({ customer: ' ' }),
  ];
};

interface Call {
  readonly key: string;
  readonly first: Answer;
  /** Customers that it created. */
  readonly uuids: readonly string[];
  readonly repeat: (partner?: SignedClient) => Promise<Answer>;
}

interface CreateCustomersItem {
  readonly __typename: string;
  readonly data?: { readonly uuid: string } & Record<string, unknown>;
}

async function createOne(partner: SignedClient): Promise<Call> {
  const variables = { input: fullRow(), idempotencyKey: crypto.randomUUID() };
  const repeat = (client = partner) => client.send(CREATE_CUSTOMER, variables);
  const first = await repeat();
  return { key: variables.idempotencyKey, first, uuids: [first.json.data.createCustomer.data.uuid], repeat };
}

async function createMixed(partner: SignedClient): Promise<Call> {
  const taken = { email: newEmail(), externalId: crypto.randomUUID() };
  await partner.send(CREATE_CUSTOMER, { input: row(taken) });
  const variables = { inputs: mixedRows(taken), idempotencyKey: crypto.randomUUID() };
  const repeat = (client = partner) => client.send(CREATE_CUSTOMERS, variables);
  const first = await repeat();
  const items: CreateCustomersItem[] = first.json.data.createCustomers.results;
  expect(items.map(({ __typename }) => __typename)).toEqual([
    'Created',
    'ValidationError',
    'Conflict',
    'Created',
    'Conflict',
    'Created',
    'Conflict',
    'ValidationError',
  ]);
  const uuids = items.flatMap(({ data }) => data?.uuid ?? []);
  return { key: variables.idempotencyKey, first, uuids, repeat };
}

/** What a repeat of a call is to return, byte for byte. */
const replayOf = ({ text }: Answer) => {
  expect(text).toContain('"replayed":false');
  return text.replaceAll('"replayed":false', '"replayed":true');
};

describe.each([
  ['createCustomer', createOne],
  ['createCustomers with rows of every outcome', createMixed],
])('a repeat of %s returns the first response byte for byte', (_name, create) => {
  test('with the customers as they were stored', async () => {
    const partner = gateway.nextPartner();
    const { first, uuids, repeat } = await create(partner);
    expect((await repeat()).text).toBe(replayOf(first));
    const { createCustomer, createCustomers } = (await repeat()).json.data;
    const items: CreateCustomersItem[] = createCustomers?.results ?? [createCustomer];
    const replayed = items.flatMap(({ data }) => data ?? []);
    expect(replayed).toEqual(await Promise.all(uuids.map((uuid) => readCustomer(partner, uuid))));
  });

  test('after the customers were updated, and after they were deleted', async () => {
    const partner = gateway.nextPartner();
    const { first, uuids, repeat } = await create(partner);
    for (const uuid of uuids) {
      const input = {
        customer: 'Other',
        email: newEmail(),
        externalId: null,
        contacts: { add: [{ phone: '2' }] },
      };
      const updated = await partner.send(UPDATE_CUSTOMER, { uuid, input });
      expect(updated.json.data.updateCustomer).toMatchObject({ __typename: 'Updated' });
    }
    expect((await repeat()).text).toBe(replayOf(first));
    for (const uuid of uuids) await partner.send(DELETE_CUSTOMER, { uuid });
    expect((await repeat()).text).toBe(replayOf(first));
    expect((await partner.send('{ customers { totalRecords } }')).json.data.customers.totalRecords).toBe(
      // The customer that the bulk's rows are in conflict with.
      create === createMixed ? 1 : 0,
    );
  });

  test('from another gateway', async () => {
    const partner = gateway.nextPartner();
    const { first, repeat } = await create(partner);
    const twin = new SignedClient(other.url, partner.credentials);
    expect((await repeat(twin)).text).toBe(replayOf(first));
  });

  test('or a Conflict, if a release with other rules made other rows of its input', async () => {
    const partner = gateway.nextPartner();
    const { key, repeat } = await create(partner);
    const otherRows = hashRequest('createCustomer', [{}], [{ errors: [] }]);
    await query(gateway.databaseUrl, 'update idempotency_key set request_hash = $2 where key = $1', [
      key,
      otherRows,
    ]);
    const { createCustomer, createCustomers } = (await repeat()).json.data;
    expect(createCustomer ?? createCustomers).toMatchObject({
      __typename: 'Conflict',
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
  });
});

test('the hash of a call covers what the rules made of its input', async () => {
  const partner = gateway.nextPartner();
  const [input, key] = [{ customer: ' A ', email: newEmail() }, crypto.randomUUID()];
  await partner.send(CREATE_CUSTOMER, { input, idempotencyKey: key });
  const kept = await query<{ hash: Buffer }>(
    gateway.databaseUrl,
    'select request_hash as hash from idempotency_key where key = $1',
    [key],
  );
  expect(kept).toEqual([{ hash: hashRequest('createCustomer', [input], [validateCustomer(input)]) }]);
});

test('what an unclear row was found to be is kept as the first call found it', async () => {
  const { credentials, teamId } = gateway.nextPartner();
  const call = {
    clientId: credentials.clientId,
    key: 'unclear',
    requestHash: Buffer.alloc(32),
    seed: crypto.randomUUID(),
  };
  await query(
    gateway.databaseUrl,
    `insert into idempotency_key (client_id, team_id, key, request_hash, seed, outcomes)
     values ($1, $2, $3, $4, $5, 'cu')`,
    [call.clientId, teamId, call.key, call.requestHash, call.seed],
  );
  const { settleOutcomes } = await openCustomerRepository(gateway.orm);
  for (const found of ['EXTERNAL_ID_EXISTS', 'EMAIL_EXISTS'] as const) {
    expect(await settleOutcomes(teamId, call, ['CREATED', found])).toEqual(['CREATED', 'EXTERNAL_ID_EXISTS']);
  }
});

test('of many bulks with one key at once, on two gateways, one is stored and all others are its replay', async () => {
  const partner = gateway.nextPartner();
  const clients = [partner, new SignedClient(other.url, partner.credentials)];
  const variables = {
    inputs: [fullRow(), row({ email: 'x' }), fullRow(), row()],
    idempotencyKey: crypto.randomUUID(),
  };
  const answers = await Promise.all(
    Array.from({ length: 10 }, () =>
      clients.map((client) => client.send(CREATE_CUSTOMERS, variables)),
    ).flat(),
  );
  const [first, ...more] = answers.filter(({ text }) => text.includes('"replayed":false'));
  expect(more).toEqual([]);
  if (!first) throw new Error('No call was the first');
  const replays = answers.filter((answer) => answer !== first);
  expect(new Set(replays.map(({ text }) => text))).toEqual(new Set([replayOf(first)]));
});

test('a key of a gateway of the release before is replayed with the rows that it kept', async () => {
  const partner = gateway.nextPartner();
  const { email } = row();
  const variables = {
    // Its hash is that of the input alone: here with the fields in the order of the schema.
    inputs: [row({ email }), row({ email: 'x' }), row({ email })],
    idempotencyKey: crypto.randomUUID(),
  };
  const first = await partner.send(CREATE_CUSTOMERS, variables);
  const [created, invalid] = first.json.data.createCustomers.results;
  const { version: _version, createdAt: _createdAt, updatedAt: _updatedAt, ...draft } = created.data;
  const refused = { uuid: crypto.randomUUID() };
  const keep = (hash: Buffer) =>
    query(
      gateway.databaseUrl,
      `update idempotency_key set request_hash = $2, result = $3, conflicts = $4, seed = null, outcomes = null
       where key = $1`,
      [
        variables.idempotencyKey,
        hash,
        JSON.stringify([{ draft }, { errors: invalid.errors }, { draft: refused }]),
        { [refused.uuid]: 'EMAIL_EXISTS' },
      ],
    );
  await keep(hashRequest('createCustomers', variables.inputs));
  expect((await partner.send(CREATE_CUSTOMERS, variables)).text).toBe(replayOf(first));

  await keep(hashRequest('createCustomers', variables.inputs.slice(1)));
  expect((await partner.send(CREATE_CUSTOMERS, variables)).json.data.createCustomers).toMatchObject({
    code: 'IDEMPOTENCY_KEY_REUSED',
  });
});
