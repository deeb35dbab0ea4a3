import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Scope, scopes } from '../../src/auth/scopes.js';
import { buildGatewaySchema } from '../../src/graphql/schema.js';
import { newCustomer } from '../support/customers.js';
import { query } from '../support/database.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import {
  CREATE_CUSTOMER,
  CREATE_CUSTOMERS,
  DELETE_CUSTOMER,
  ERASE_CUSTOMER,
  READ_CUSTOMER,
  RESTORE_CUSTOMER,
  UNKNOWN_UUID,
  UPDATE_CUSTOMER,
  UPDATE_CUSTOMERS,
  UPSERT_CUSTOMER,
} from '../support/operations.js';
import { type Partner } from '../support/partner.js';
import { sharedResources } from '../support/resources.js';
import { type Answer } from '../support/signed-client.js';
import {
  CREATE_ENDPOINT,
  createEndpoint,
  DELETE_ENDPOINT,
  ENDPOINT_WITH_DELIVERIES,
  ENDPOINTS,
  REDELIVER,
  ROTATE_SECRET,
  SEND_TEST,
  UPDATE_ENDPOINT,
} from '../support/webhook-operations.js';

const uuid = UNKNOWN_UUID;

type Call = [allowedBy: readonly Scope[], document: string, variables?: Record<string, unknown>];

const READ: readonly Scope[] = ['customers:read'];
const WRITE: readonly Scope[] = ['customers:write'];
const DELETE: readonly Scope[] = ['customers:delete'];
const EVENTS: readonly Scope[] = ['events:read'];
const WEBHOOKS: readonly Scope[] = ['webhooks:manage'];

/** A call of every root field, and the scopes of which each alone allows it. */
const CALLS: Record<string, Call> = {
  createCustomer: [WRITE, CREATE_CUSTOMER, { input: { customer: '', email: '' } }],
  createCustomers: [WRITE, CREATE_CUSTOMERS, { inputs: [] }],
  createWebhookEndpoint: [WEBHOOKS, CREATE_ENDPOINT, { input: { url: '' } }],
  customer: [READ, READ_CUSTOMER, { uuid }],
  customerByEmail: [READ, '{ customerByEmail(email: "unknown@example.com") { uuid } }'],
  customerByExternalId: [READ, '{ customerByExternalId(externalId: "unknown") { uuid } }'],
  customerEvents: [EVENTS, '{ customerEvents { nodes { id } } }'],
  customers: [READ, '{ customers { totalRecords } }'],
  customersConnection: [READ, '{ customersConnection { totalCount } }'],
  deleteCustomer: [DELETE, DELETE_CUSTOMER, { uuid }],
  deleteWebhookEndpoint: [WEBHOOKS, DELETE_ENDPOINT, { uuid }],
  eraseCustomer: [DELETE, ERASE_CUSTOMER, { uuid }],
  lastCustomerEventCursor: [EVENTS, '{ lastCustomerEventCursor }'],
  node: [[...READ, ...WEBHOOKS, ...EVENTS], `{ node(id: "${uuid}") { id } }`],
  nodes: [[...READ, ...WEBHOOKS, ...EVENTS], `{ nodes(ids: ["${uuid}"]) { id } }`],
  redeliver: [WEBHOOKS, REDELIVER, { uuid }],
  restoreCustomer: [DELETE, RESTORE_CUSTOMER, { uuid }],
  rotateWebhookSecret: [WEBHOOKS, ROTATE_SECRET, { uuid }],
  sendTestEvent: [WEBHOOKS, SEND_TEST, { uuid }],
  updateCustomer: [WRITE, UPDATE_CUSTOMER, { uuid, input: {} }],
  updateCustomers: [WRITE, UPDATE_CUSTOMERS, { inputs: [] }],
  updateWebhookEndpoint: [WEBHOOKS, UPDATE_ENDPOINT, { uuid, input: {} }],
  upsertCustomer: [WRITE, UPSERT_CUSTOMER, { input: { customer: '', email: '' }, by: 'EMAIL' }],
  webhookEndpoint: [WEBHOOKS, ENDPOINT_WITH_DELIVERIES, { uuid }],
  webhookEndpoints: [WEBHOOKS, ENDPOINTS],
};

let gateway: TestGateway;
let partner: Partner;
/** The partner with a token of one scope. */
let limitedTo: Record<Scope, Partner>;
const resources = sharedResources();
beforeAll(async () => {
  const rateLimit = { max: 10_000, windowSeconds: 60 };
  gateway = resources.adopt(await startTestGateway({ rateLimit }, 2), (it) => it.close());
  partner = gateway.nextPartner();
  const [read, write, remove, webhooks, events] = await Promise.all(scopes.map((scope) => withScopes(scope)));
  if (!read || !write || !remove || !webhooks || !events) throw new Error('A scope has no token');
  limitedTo = {
    'customers:read': read,
    'customers:write': write,
    'customers:delete': remove,
    'webhooks:manage': webhooks,
    'events:read': events,
  };
});

const withScopes = (...some: Scope[]): Promise<Partner> => gateway.anotherToken(partner, some);

const codesOf = ({ json }: Answer): unknown[] =>
  (json.errors ?? []).map(({ extensions }: { extensions: { code: string } }) => extensions.code);

async function customersOf({ teamId }: Partner): Promise<number> {
  return (await query(gateway.databaseUrl, 'select from customer where team_id = $1', [teamId])).length;
}

async function createCustomer(): Promise<{ uuid: string; contacts: { uuid: string }[] }> {
  const input = newCustomer({ contacts: [{ firstName: 'Ada' }] });
  return (await partner.send(CREATE_CUSTOMER, { input })).json.data.createCustomer.data;
}

const HISTORY = 'query ($uuid: UUID!) { customer(uuid: $uuid) { history { nodes { id } } } }';

describe('a root field', () => {
  test('has a row in this table, with a scope that its description names', async () => {
    const schema = await buildGatewaySchema();
    const fields = { ...schema.getQueryType()?.getFields(), ...schema.getMutationType()?.getFields() };
    expect(Object.keys(CALLS)).toEqual(Object.keys(fields).toSorted());
    for (const [name, [allowedBy]] of Object.entries(CALLS)) {
      for (const scope of allowedBy) expect(fields[name]?.description).toContain(`\`${scope}\``);
    }
  });

  test.each(Object.entries(CALLS))(
    '%s runs with its scope and with no other',
    async (name, [allowedBy, document, variables]) => {
      for (const scope of scopes) {
        const answer = await limitedTo[scope].send(document, variables);
        const allowed = allowedBy.includes(scope);
        expect([scope, answer.status, codesOf(answer)]).toEqual(
          allowed ? [scope, 200, []] : [scope, 403, ['FORBIDDEN']],
        );
        expect(Object.keys(answer.json.data ?? {})).toEqual(allowed ? [name] : []);
      }
    },
  );
});

describe('the response to what a token does not allow', () => {
  test('names the missing scope and what requires it, without data', async () => {
    const answer = await limitedTo['customers:read'].send(DELETE_CUSTOMER, { uuid });
    const [, section = ''] = (await readFile('docs/api.md', 'utf8')).split('\n## Scopes\n');
    const [, documented = ''] = /```json\n(?<json>.*?)```/s.exec(section) ?? [];
    expect([answer.status, answer.json]).toEqual([403, JSON.parse(documented)]);
    expect(answer.headers['www-authenticate']).toBe(
      'Bearer realm="customer-gateway", error="insufficient_scope", scope="customers:delete"',
    );
    expect(answer.headers['connection']).not.toBe('close');
  });

  test('has the missing scopes in its body, and those that the operation requires in its challenge', async () => {
    const answer = await limitedTo['customers:read'].send(
      '{ customers { totalRecords } customerEvents { nodes { id } } webhookEndpoints { uuid } node(id: "x") { id } }',
    );
    expect(answer.json.errors).toHaveLength(1);
    expect(answer.json.errors[0].extensions.missingScopes).toEqual(['webhooks:manage', 'events:read']);
    expect(answer.headers['www-authenticate']).toContain(
      'scope="customers:read webhooks:manage events:read"',
    );
  });

  test('has the status and the media type that a client of GraphQL over HTTP expects', async () => {
    const accept = 'application/graphql-response+json';
    const answer = await limitedTo['events:read'].send(READ_CUSTOMER, { uuid }, { headers: { accept } });
    expect([answer.status, answer.headers['content-type']]).toEqual([403, `${accept}; charset=utf-8`]);
    expect(answer.json).not.toHaveProperty('data');
  });

  test('counts against the rate limit', async () => {
    const reader = await gateway.anotherToken(gateway.nextPartner(), ['events:read']);
    const remaining = async () =>
      Number((await reader.send(READ_CUSTOMER, { uuid })).headers['ratelimit-remaining']);
    const first = await remaining();
    expect(await remaining()).toBe(first - 1);
  });
});

describe('an operation of which a token does not allow a part is not executed at all:', () => {
  const TWO = `mutation ($input: CreateCustomerInput!, $uuid: UUID!) {
    createCustomer(input: $input) { __typename }
    deleteCustomer(uuid: $uuid) { __typename }
  }`;

  test('a mutation whose later field needs another scope', async () => {
    const before = await customersOf(partner);
    const variables = { input: newCustomer(), uuid };
    expect((await limitedTo['customers:write'].send(TWO, variables)).status).toBe(403);
    expect(await customersOf(partner)).toBe(before);
    const both = await withScopes('customers:write', 'customers:delete');
    expect((await both.send(TWO, variables)).json.data).toMatchObject({
      createCustomer: { __typename: 'Created' },
      deleteCustomer: { __typename: 'NotFound' },
    });
  });

  test('a mutation that selects the history of its result', async () => {
    const document = `mutation ($input: CreateCustomerInput!) {
      createCustomer(input: $input) { ... on Created { data { ...Changes } } }
    }
    fragment Changes on Customer { ... { history { nodes { type } } } }`;
    const before = await customersOf(partner);
    const refused = await limitedTo['customers:write'].send(document, { input: newCustomer() });
    expect([refused.status, refused.json.errors[0].message]).toEqual([
      403,
      'The token does not have the required scope: `Customer.history` requires `events:read`.',
    ]);
    expect(await customersOf(partner)).toBe(before);
    const both = await withScopes('customers:write', 'events:read');
    const { json } = await both.send(document, { input: newCustomer() });
    expect(json.data.createCustomer.data.history.nodes).toEqual([{ type: 'CREATED' }]);
  });

  test('a query of histories', async () => {
    const customer = await createCustomer();
    const read = await limitedTo['customers:read'].send(HISTORY, { uuid: customer.uuid });
    expect([read.status, read.json.errors[0].extensions.missingScopes]).toEqual([403, ['events:read']]);
    const both = await withScopes('customers:read', 'events:read');
    expect((await both.send(HISTORY, { uuid: customer.uuid })).json.data.customer.history.nodes).toHaveLength(
      1,
    );
  });

  test('also a field that a directive leaves out, but not one of another operation', async () => {
    const reader = limitedTo['customers:read'];
    const skipped = await reader.send('{ customers { page } lastCustomerEventCursor @skip(if: true) }');
    expect(skipped.status).toBe(403);
    const document = 'query Mine { customers { page } } query Other { lastCustomerEventCursor }';
    const named = await reader.post(JSON.stringify({ query: document, operationName: 'Mine' }));
    expect(named.json).toEqual({ data: { customers: { page: 1 } } });
  });

  test('not what needs no scope', async () => {
    const { json } = await limitedTo['events:read'].send('{ __typename __schema { queryType { name } } }');
    expect(json.data).toEqual({ __typename: 'Query', __schema: { queryType: { name: 'Query' } } });
  });
});

describe('deleted customers are listed with customers:delete:', () => {
  const LITERAL = '{ customersConnection(filter: { deleted: true }) { totalCount } }';
  const VARIABLE = `query ($filter: CustomerFilterInput) {
    customersConnection(filter: $filter) { totalCount }
  }`;

  test.each<[string, string, Record<string, unknown>]>([
    ['in the document', LITERAL, {}],
    ['in a variable', VARIABLE, { filter: { deleted: true } }],
    [
      'in a variable of the field',
      LITERAL.replace('true', '$is').replace('{', 'query ($is: Boolean) {'),
      { is: true },
    ],
  ])('with the filter %s', async (_case, document, variables) => {
    const refused = await limitedTo['customers:read'].send(document, variables);
    expect([refused.status, refused.json]).toEqual([
      403,
      {
        errors: [
          {
            message:
              'The token does not have the required scope: `customersConnection(filter.deleted: true)` requires `customers:delete`.',
            extensions: { code: 'FORBIDDEN', missingScopes: ['customers:delete'] },
          },
        ],
      },
    ]);
    const both = await withScopes('customers:read', 'customers:delete');
    expect((await both.send(document, variables)).status).toBe(200);
  });

  test.each([
    {},
    { filter: null },
    { filter: {} },
    { filter: { deleted: false } },
    { filter: { deleted: null } },
  ])('the others are without it, %j', async (variables) => {
    expect((await limitedTo['customers:read'].send(VARIABLE, variables)).status).toBe(200);
  });
});

describe('an object by its ID needs the scope of its type:', () => {
  let ids: Record<'customer' | 'contact' | 'event' | 'endpoint', string>;
  beforeAll(async () => {
    const customer = await createCustomer();
    const { json } = await partner.send(HISTORY, { uuid: customer.uuid });
    ids = {
      customer: customer.uuid,
      contact: customer.contacts[0]?.uuid ?? '',
      event: json.data.customer.history.nodes[0].id,
      endpoint: (await createEndpoint(partner, 'https://partner.example/')).uuid,
    };
  });

  test.each<[keyof typeof ids, string, Scope]>([
    ['customer', 'Customer', 'customers:read'],
    ['contact', 'Contact', 'customers:read'],
    ['event', 'CustomerEvent', 'events:read'],
    ['endpoint', 'WebhookEndpoint', 'webhooks:manage'],
  ])('%s', async (name, type, needed) => {
    const id = ids[name];
    for (const scope of ['customers:read', 'events:read', 'webhooks:manage'] as const) {
      const { status, json } = await limitedTo[scope].send('query ($id: ID!) { node(id: $id) { id } }', {
        id,
      });
      expect([scope, status, json.data]).toEqual([scope, 200, { node: scope === needed ? { id } : null }]);
      if (scope === needed) continue;
      expect(json.errors).toEqual([
        {
          message: `The token does not have the required scope: \`${type}\` requires \`${needed}\`.`,
          path: ['node'],
          locations: expect.anything(),
          extensions: { code: 'FORBIDDEN', missingScopes: [needed] },
        },
      ]);
    }
  });

  test('of several, those that the token allows are returned beside the errors of the others', async () => {
    const { status, json } = await limitedTo['customers:read'].send(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
      { ids: [ids.event, ids.customer, uuid, ids.endpoint] },
    );
    expect([status, json.data]).toEqual([200, { nodes: [null, { id: ids.customer }, null, null] }]);
    const paths = json.errors.map(({ path }: { path: unknown }) => path);
    expect(paths.toSorted()).toEqual([
      ['nodes', 0],
      ['nodes', 3],
    ]);
  });
});

describe('a refused mutation', () => {
  test('uses its signature up, so that it cannot be sent again with a token that allows it', async () => {
    const sent = { timestamp: String(Date.now()) };
    const variables = { input: newCustomer() };
    const before = await customersOf(partner);
    expect((await limitedTo['customers:read'].send(CREATE_CUSTOMER, variables, sent)).status).toBe(403);
    const again = await partner.send(CREATE_CUSTOMER, variables, sent);
    expect([again.status, again.json.errors[0].extensions.reason]).toEqual([401, 'SIGNATURE_REPLAYED']);
    expect(await customersOf(partner)).toBe(before);
  });
});

test('a token that an earlier version issued allows every root field', async () => {
  const { credentials, teamId } = partner;
  const token = 'cgt_of-an-earlier-version';
  await query(
    gateway.databaseUrl,
    `insert into access_token (id, client_id, team_id, hash, expires_at)
     values ($1, $2, $3, sha256($4), now() + interval '1 day')`,
    [crypto.randomUUID(), credentials.clientId, teamId, token],
  );
  const headers = { authorization: `Bearer ${token}` };
  for (const [name, [, document, variables]] of Object.entries(CALLS)) {
    expect([name, codesOf(await partner.send(document, variables, { headers }))]).toEqual([name, []]);
  }
});
