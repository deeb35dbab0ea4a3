import { beforeAll, describe, expect, test } from 'vitest';
import { issueToken } from '../../src/auth/issue-credentials.js';
import { createTeam } from '../../src/teams/teams.js';
import { query } from '../support/database.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { UNKNOWN_UUID } from '../support/operations.js';
import { sharedResources } from '../support/resources.js';
import { SignedClient } from '../support/signed-client.js';
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

const URL_OF_PARTNER = 'https://partner.example/hooks?source=gateway';

/** `whsec_` and 32 bytes in Base64. */
const SECRET = /^whsec_[A-Za-z0-9+/]{43}=$/;

type Call = readonly [document: string, variables: Record<string, unknown>];

/** Each operation on one endpoint. */
const onEndpoint = (uuid: string): [field: string, call: Call][] => [
  ['updateWebhookEndpoint', [UPDATE_ENDPOINT, { uuid, input: { description: 'x' } }]],
  ['deleteWebhookEndpoint', [DELETE_ENDPOINT, { uuid }]],
  ['rotateWebhookSecret', [ROTATE_SECRET, { uuid }]],
  ['sendTestEvent', [SEND_TEST, { uuid }]],
];

/** With the rules of production. */
let gateway: TestGateway;
const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(
    await startTestGateway({ webhooks: { deliver: false, allowPrivate: false, httpsOnly: true } }, 40),
    (it) => it.close(),
  );
});

async function create(partner: SignedClient, input: Record<string, unknown>) {
  return (await partner.send(CREATE_ENDPOINT, { input })).json.data.createWebhookEndpoint;
}

async function update(partner: SignedClient, uuid: string, input: Record<string, unknown>) {
  return (await partner.send(UPDATE_ENDPOINT, { uuid, input })).json.data.updateWebhookEndpoint;
}

async function list(partner: SignedClient) {
  return (await partner.send(ENDPOINTS)).json.data.webhookEndpoints;
}

async function read(partner: SignedClient, uuid: string) {
  return (await partner.send(ENDPOINT_WITH_DELIVERIES, { uuid })).json.data.webhookEndpoint;
}

/** Another client with the same team, or the same client with another team. */
async function withToken(partner: SignedClient, ids: { clientId: string; teamId: string }) {
  const { token } = await issueToken(gateway.orm, { ...ids, days: 1 });
  return new SignedClient(gateway.url, { ...partner.credentials, token });
}

describe('createWebhookEndpoint', () => {
  test('returns the endpoint, as it is read later, with its secret', async () => {
    const partner = gateway.nextPartner();
    const created = await create(partner, {
      url: ` ${URL_OF_PARTNER} `,
      types: ['UPDATED', 'CREATED'],
      description: ' CRM ',
    });
    expect(created).toMatchObject({
      __typename: 'WebhookEndpointCreated',
      status: 'success',
      message: 'Webhook endpoint created.',
      secret: expect.stringMatching(SECRET),
    });
    expect(created.data).toEqual({
      uuid: expect.any(String),
      url: URL_OF_PARTNER,
      types: ['UPDATED', 'CREATED'],
      description: 'CRM',
      status: 'ENABLED',
      disabledReason: null,
      failingSince: null,
      createdAt: expect.any(String),
      updatedAt: created.data.createdAt,
    });
    expect(await list(partner)).toEqual([created.data]);
    expect(await read(partner, created.data.uuid)).toEqual({
      ...created.data,
      deliveries: {
        nodes: [],
        edges: [],
        pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
      },
    });
  });

  test.each([{}, { types: null, description: null }, { types: [], description: ' ' }])(
    'receives all types and has no description by default: %o',
    async (input) => {
      const created = await create(gateway.nextPartner(), { url: URL_OF_PARTNER, ...input });
      expect(created.data).toMatchObject({ types: [], description: null });
    },
  );

  test('gives each endpoint its own secret, and stores none in clear text', async () => {
    const partner = gateway.nextPartner();
    const secrets = new Set<string>();
    for (let count = 0; count < 3; count += 1) {
      secrets.add((await createEndpoint(partner, URL_OF_PARTNER)).secret);
    }
    expect(secrets.size).toBe(3);
    const rows = await query(
      gateway.databaseUrl,
      'select encode(ciphertext, $1) as text from webhook_secret',
      ['escape'],
    );
    expect(rows.length).toBeGreaterThanOrEqual(3);
    for (const secret of secrets) expect(JSON.stringify(rows)).not.toContain(secret.slice('whsec_'.length));
  });
});

describe('the input', () => {
  const tooLong = `https://partner.example/${'x'.repeat(2_025)}`;

  test.each([
    ['a blank URL', { url: ' ' }, ['url', 'REQUIRED', 'must not be blank']],
    ['http', { url: 'http://partner.example' }, ['url', 'INVALID_URL', 'must be an https URL']],
    ['another scheme', { url: 'ftp://partner.example' }, ['url', 'INVALID_URL', 'must be an https URL']],
    ['no URL', { url: 'partner.example' }, ['url', 'INVALID_URL', 'must be an https URL']],
    ['a URL without a host', { url: 'https://' }, ['url', 'INVALID_URL', 'must be an https URL']],
    [
      'white space in a URL',
      { url: 'https://a.example/a b' },
      ['url', 'INVALID_URL', 'must be an https URL'],
    ],
    [
      'a line break in a URL',
      { url: 'https://a.example/\nx' },
      ['url', 'INVALID_URL', 'must be an https URL'],
    ],
    ['a private host', { url: 'https://localhost/' }, ['url', 'INVALID_URL', 'must have a public host']],
    ['a private address', { url: 'https://10.0.0.1/' }, ['url', 'INVALID_URL', 'must have a public host']],
    [
      'a hidden private address',
      { url: 'https://0x7f.1/' },
      ['url', 'INVALID_URL', 'must have a public host'],
    ],
    [
      'credentials',
      { url: 'https://user:password@a.example/' },
      ['url', 'INVALID_URL', 'must not have a user name or a password'],
    ],
    ['a fragment', { url: 'https://a.example/#x' }, ['url', 'INVALID_URL', 'must not have a fragment']],
    ['a URL of 2,049 characters', { url: tooLong }, ['url', 'TOO_LONG', 'must have at most 2048 characters']],
    [
      'a type twice',
      { types: ['CREATED', 'DELETED', 'CREATED'] },
      ['types.2', 'DUPLICATE', 'must be unique'],
    ],
    [
      'more types than there are',
      { types: Array.from({ length: 6 }, () => 'CREATED') },
      ['types', 'TOO_MANY', 'must have at most 5 items'],
    ],
    [
      'a description of 256 characters',
      { description: 'x'.repeat(256) },
      ['description', 'TOO_LONG', 'must have at most 255 characters'],
    ],
    [
      'control characters in a description',
      { description: 'a\u0007b' },
      ['description', 'INVALID_CHARACTERS', 'must not contain control characters'],
    ],
  ])('with %s is not valid', async (_case, input, [path, code, message]) => {
    const partner = inputs;
    const expected = {
      __typename: 'ValidationError',
      status: 'error',
      message: 'The input is not valid.',
      code: 'VALIDATION_FAILED',
      errors: [{ path, code, message }],
    };
    expect(await create(partner, { url: URL_OF_PARTNER, ...input })).toEqual(expected);
    expect(await update(partner, existing, input)).toEqual(expected);
  });

  test('reports all problems at once', async () => {
    const input = { url: 'http://10.0.0.1/#x', types: ['CREATED', 'CREATED'], description: 'x'.repeat(300) };
    const errors = [
      { path: 'url', code: 'INVALID_URL', message: 'must be an https URL' },
      { path: 'types.1', code: 'DUPLICATE', message: 'must be unique' },
      { path: 'description', code: 'TOO_LONG', message: 'must have at most 255 characters' },
    ];
    expect((await create(inputs, input)).errors).toEqual(errors);
    expect((await update(inputs, existing, input)).errors).toEqual(errors);
  });

  test('may have a URL of 2,048 characters and a description of 255', async () => {
    const input = { url: tooLong.slice(0, 2_048), description: '😀'.repeat(255) };
    expect((await create(inputs, input)).data).toMatchObject(input);
  });

  test('that is not valid stores nothing', async () => {
    const partner = gateway.nextPartner();
    await create(partner, { url: 'http://partner.example' });
    expect(await list(partner)).toEqual([]);
  });

  let inputs: SignedClient;
  let existing: string;
  beforeAll(async () => {
    inputs = gateway.nextPartner();
    existing = (await createEndpoint(inputs, URL_OF_PARTNER)).uuid;
  });
});

describe('the limit of 10 endpoints', () => {
  const limitReached = {
    __typename: 'Conflict',
    status: 'error',
    code: 'ENDPOINT_LIMIT_REACHED',
    message: 'The client already has 10 webhook endpoints for this team, the maximum. Delete one first.',
    details: { field: 'input' },
  };

  test('holds for 15 that are created at once', async () => {
    const partner = gateway.nextPartner();
    const results = await Promise.all(
      Array.from({ length: 15 }, () => create(partner, { url: URL_OF_PARTNER })),
    );
    const refused = results.filter(({ __typename }) => __typename !== 'WebhookEndpointCreated');
    expect(refused).toEqual(Array.from({ length: 5 }, () => limitReached));
    const endpoints = await list(partner);
    expect(endpoints).toHaveLength(10);
    const ids = endpoints.map(({ uuid }: { uuid: string }) => uuid);
    expect(ids).toEqual(ids.toSorted());

    await partner.send(DELETE_ENDPOINT, { uuid: ids[0] });
    expect((await create(partner, { url: URL_OF_PARTNER })).__typename).toBe('WebhookEndpointCreated');
    expect(await create(partner, { url: URL_OF_PARTNER })).toEqual(limitReached);
  });

  test('is for each client in each team', async () => {
    const partner = gateway.nextPartner();
    const { clientId } = partner.credentials;
    const other = gateway.nextPartner();
    await Promise.all(Array.from({ length: 10 }, () => create(partner, { url: URL_OF_PARTNER })));
    const teamId = await createTeam(gateway.orm, 'Another team');
    const inOtherTeam = await withToken(partner, { clientId, teamId });
    const inSameTeam = await withToken(other, {
      clientId: other.credentials.clientId,
      teamId: partner.teamId,
    });
    for (const client of [inOtherTeam, inSameTeam]) {
      expect(await list(client)).toEqual([]);
      expect((await create(client, { url: URL_OF_PARTNER })).__typename).toBe('WebhookEndpointCreated');
    }
  });
});

describe('updateWebhookEndpoint', () => {
  test('changes the provided fields and leaves the others', async () => {
    const partner = gateway.nextPartner();
    const first = (await create(partner, { url: URL_OF_PARTNER, types: ['CREATED'], description: 'CRM' }))
      .data;
    const url = 'https://other.example/';
    const updated = await update(partner, first.uuid, { url });
    expect(updated).toEqual({
      __typename: 'WebhookEndpointUpdated',
      status: 'success',
      message: 'Webhook endpoint updated.',
      data: { ...first, url, updatedAt: expect.any(String) },
    });
    expect(Date.parse(updated.data.updatedAt)).toBeGreaterThan(Date.parse(first.updatedAt));
    expect((await update(partner, first.uuid, { types: ['DELETED'] })).data).toMatchObject({
      url,
      types: ['DELETED'],
      description: 'CRM',
    });
    const cleared = (await update(partner, first.uuid, { types: null, description: null })).data;
    expect(cleared).toMatchObject({ url, types: [], description: null, status: 'ENABLED' });
    expect(await list(partner)).toEqual([cleared]);
  });

  test('pauses and resumes', async () => {
    const partner = gateway.nextPartner();
    const { uuid } = await createEndpoint(partner, URL_OF_PARTNER);
    for (const [paused, status] of [
      [true, 'PAUSED'],
      [true, 'PAUSED'],
      [null, 'PAUSED'],
      [false, 'ENABLED'],
    ]) {
      expect((await update(partner, uuid, { paused })).data.status).toBe(status);
    }
  });

  test('does not clear the URL, which is required', async () => {
    const partner = gateway.nextPartner();
    const { uuid } = await createEndpoint(partner, URL_OF_PARTNER);
    expect((await update(partner, uuid, { url: null })).errors).toEqual([
      { path: 'url', code: 'REQUIRED', message: 'must not be blank' },
    ]);
  });
});

describe('deleteWebhookEndpoint', () => {
  test('returns the endpoint, which no operation finds afterwards', async () => {
    const partner = gateway.nextPartner();
    const created = (await create(partner, { url: URL_OF_PARTNER })).data;
    const { uuid } = created;
    const queued = (await partner.send(SEND_TEST, { uuid })).json.data.sendTestEvent.data;
    const { json } = await partner.send(DELETE_ENDPOINT, { uuid });
    expect(json.data.deleteWebhookEndpoint).toEqual({
      __typename: 'WebhookEndpointDeleted',
      status: 'success',
      message: 'Webhook endpoint deleted.',
      data: created,
    });
    expect(await list(partner)).toEqual([]);
    expect(await read(partner, uuid)).toBeNull();
    for (const [field, call] of onEndpoint(uuid)) {
      const answer = await partner.send(...call);
      expect([field, answer.json.data[field].code]).toEqual([field, 'WEBHOOK_ENDPOINT_NOT_FOUND']);
    }
    const again = await partner.send(REDELIVER, { uuid: queued.uuid });
    expect(again.json.data.redeliver.code).toBe('WEBHOOK_DELIVERY_NOT_FOUND');
  });
});

test.each(onEndpoint(UNKNOWN_UUID))('%s of an unknown endpoint is NotFound', async (field, call) => {
  const answer = await gateway.nextPartner().send(...call);
  expect(answer.json.data[field]).toEqual({
    __typename: 'NotFound',
    status: 'error',
    code: 'WEBHOOK_ENDPOINT_NOT_FOUND',
    message: 'The client has no webhook endpoint with this ID for the team.',
    details: { uuid: UNKNOWN_UUID },
  });
});

describe('the secret', () => {
  test('is only in the responses to createWebhookEndpoint and rotateWebhookSecret', async () => {
    const partner = gateway.nextPartner();
    const { uuid, secret } = await createEndpoint(partner, URL_OF_PARTNER);
    const rotated = (await partner.send(ROTATE_SECRET, { uuid })).json.data.rotateWebhookSecret;
    expect(rotated).toMatchObject({
      __typename: 'WebhookSecretRotated',
      status: 'success',
      message: 'Webhook secret rotated.',
      secret: expect.stringMatching(SECRET),
      data: { uuid },
    });
    expect(rotated.secret).not.toBe(secret);
    const others = await Promise.all([
      partner.send(ENDPOINTS),
      partner.send(ENDPOINT_WITH_DELIVERIES, { uuid }),
      partner.send(UPDATE_ENDPOINT, { uuid, input: { description: 'x' } }),
      partner.send(SEND_TEST, { uuid }),
    ]);
    const deleted = await partner.send(DELETE_ENDPOINT, { uuid });
    for (const { text } of [...others, deleted]) {
      expect(text).toContain('"uuid"');
      expect(text).not.toContain(secret);
      expect(text).not.toContain(rotated.secret);
      expect(text).not.toContain('whsec_');
    }
  });

  test.each([-1, 169, 2_147_483_647])('is not replaced with an overlap of %s hours', async (overlapHours) => {
    const partner = gateway.nextPartner();
    const { uuid } = await createEndpoint(partner, URL_OF_PARTNER);
    const { json } = await partner.send(ROTATE_SECRET, { uuid, overlapHours });
    expect(json.data.rotateWebhookSecret).toEqual({
      __typename: 'ValidationError',
      status: 'error',
      code: 'VALIDATION_FAILED',
      message: 'The input is not valid.',
      errors: [{ path: 'overlapHours', code: 'OUT_OF_RANGE', message: 'must be between 0 and 168' }],
    });
  });
});

test('each mutation over the rate limit returns RateLimited', async () => {
  const partner = gateway.nextPartner();
  const { uuid } = await createEndpoint(partner, URL_OF_PARTNER);
  const before = await list(partner);
  const fields = Array.from({ length: 20 }, (_, index) => `a${index}: webhookEndpoints { uuid }`).join(' ');
  for (let call = 0; call < 5; call += 1) await partner.send(`{ ${fields} }`);
  const calls: [field: string, call: Call][] = [
    ...onEndpoint(uuid),
    ['createWebhookEndpoint', [CREATE_ENDPOINT, { input: { url: URL_OF_PARTNER } }]],
    ['redeliver', [REDELIVER, { uuid: UNKNOWN_UUID }]],
  ];
  for (const [field, call] of calls) {
    const { json } = await partner.send(...call);
    expect(json.data[field]).toMatchObject({ __typename: 'RateLimited', code: 'RATE_LIMIT_EXCEEDED' });
  }
  const { json } = await partner.send(ENDPOINTS);
  expect(json).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMIT_EXCEEDED' } }] });
  expect(json.data).toBeUndefined();
  const rows = await query(
    gateway.databaseUrl,
    'select url, deleted_at from webhook_endpoint where id = $1',
    [uuid],
  );
  expect(rows).toEqual([{ url: before[0].url, deleted_at: null }]);
});

test('a mutation that is sent again with the same signature is not executed', async () => {
  const partner = gateway.nextPartner();
  const timestamp = String(Date.now());
  const send = () => partner.send(CREATE_ENDPOINT, { input: { url: URL_OF_PARTNER } }, { timestamp });
  expect((await send()).json.data.createWebhookEndpoint.__typename).toBe('WebhookEndpointCreated');
  const replayed = await send();
  expect(replayed.status).toBe(401);
  expect(replayed.json.errors[0].extensions.reason).toBe('SIGNATURE_REPLAYED');
  expect(await list(partner)).toHaveLength(1);
});
