import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { issueToken } from '../../src/auth/issue-credentials.js';
import { SecretBox } from '../../src/auth/secret-box.js';
import { newCustomer } from '../support/customers.js';
import { query } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { lockTable } from '../support/table-lock.js';
import { CREATE_CUSTOMER } from '../support/operations.js';
import { issuePartner } from '../support/partner.js';
import { sharedResources } from '../support/resources.js';
import { type Answer, SignedClient, type Tampering } from '../support/signed-client.js';

let gateway: TestGateway;
let partner: SignedClient & { readonly teamId: string };
let other: SignedClient & { readonly teamId: string };
let expired: string;
let revoked: string;
const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(await startTestGateway({}, 3), (it) => it.close());
  partner = gateway.nextPartner();
  other = gateway.nextPartner();
  const grant = { clientId: partner.credentials.clientId, teamId: partner.teamId };
  expired = (await issueToken(gateway.orm, { ...grant, days: -1 })).token;
  const issued = await issueToken(gateway.orm, { ...grant, days: 1 });
  revoked = issued.token;
  await query(gateway.databaseUrl, 'update access_token set revoked_at = now() where id = $1', [
    issued.tokenId,
  ]);
});

const input = () => ({ input: newCustomer() });
const secondsAgo = (seconds: number) => String(Math.floor(Date.now() / 1000) - seconds);

/** Sends a createCustomer that must be refused, and proves that it did nothing. */
async function refusal(tampering: Tampering, client: SignedClient = partner): Promise<Answer> {
  const variables = input();
  const answer = await client.send(CREATE_CUSTOMER, variables, tampering);
  expect(answer.status).toBe(401);
  expect(answer.json.errors).toHaveLength(1);
  const isOfToken = answer.json.errors[0].extensions.reason.startsWith('TOKEN_');
  expect(answer.headers['www-authenticate']).toBe(
    `Bearer realm="customer-gateway"${isOfToken ? ', error="invalid_token"' : ''}`,
  );
  expect(answer.json.errors[0].message).toBe('The request is not authenticated.');
  expect(answer.json.data).toBeUndefined();
  const rows = await query(gateway.databaseUrl, 'select 1 from customer where email = $1', [
    variables.input.email,
  ]);
  expect(rows).toHaveLength(0);
  return answer;
}

const extensionsOf = (answer: Answer): unknown => answer.json.errors[0].extensions;

describe('a request is served when', () => {
  test.each([
    ['seconds', () => secondsAgo(0)],
    ['seconds, 299 s ago', () => secondsAgo(299)],
    ['seconds, 299 s ahead', () => secondsAgo(-299)],
    ['milliseconds', () => String(Date.now())],
  ])('it is signed with a timestamp in %s', async (_form, timestamp) => {
    const answer = await partner.send(CREATE_CUSTOMER, input(), { timestamp: timestamp() });
    expect(answer.json.data.createCustomer.__typename).toBe('Created');
  });

  test('its header names and the word Bearer are in any case', async () => {
    const headers = {
      authorization: undefined,
      Authorization: `bearer ${partner.credentials.token}`,
      'x-client-id': undefined,
      'X-CLIENT-ID': partner.credentials.clientId,
    };
    const answer = await partner.send(CREATE_CUSTOMER, input(), { headers });
    expect(answer.json.data.createCustomer.__typename).toBe('Created');
  });
});

describe('a request is refused with 401 and the reason when', () => {
  test.each(['x-client-id', 'x-timestamp', 'x-signature', 'authorization'])(
    '%s is missing',
    async (header) => {
      const answer = await refusal({ headers: { [header]: undefined } });
      expect(extensionsOf(answer)).toEqual({ code: 'UNAUTHENTICATED', reason: 'MISSING_HEADER', header });
    },
  );

  test.each(['x-client-id', 'x-timestamp', 'x-signature', 'authorization'])(
    '%s comes twice',
    async (header) => {
      const answer = await refusal({ headers: { [header]: ['same', 'same'] } });
      expect(extensionsOf(answer)).toEqual({ code: 'UNAUTHENTICATED', reason: 'DUPLICATE_HEADER', header });
    },
  );

  test.each([
    ['x-timestamp', 'yesterday'],
    ['x-signature', 'A'.repeat(64)],
    ['x-signature', 'a'.repeat(63)],
    ['authorization', 'Basic dXNlcjpwYXNz'],
    ['authorization', 'Bearer a b'],
  ])('%s is %j', async (header, value) => {
    const answer = await refusal({ headers: { [header]: value } });
    expect(extensionsOf(answer)).toEqual({ code: 'UNAUTHENTICATED', reason: 'MALFORMED_HEADER', header });
  });

  test.each([
    ['too long ago, in seconds', () => secondsAgo(302)],
    ['too far ahead, in seconds', () => secondsAgo(-302)],
    ['too long ago, in milliseconds', () => `${secondsAgo(302)}000`],
  ])('its timestamp is %s', async (_case, timestamp) => {
    const answer = await refusal({ timestamp: timestamp() });
    expect(extensionsOf(answer)).toMatchObject({ reason: 'TIMESTAMP_OUT_OF_RANGE' });
  });

  test('its body or time is not what was signed, or the signature is invented', async () => {
    const signed = JSON.stringify({ query: CREATE_CUSTOMER, variables: input() });
    const changes: Tampering[] = [
      { body: `${signed} ` },
      { headers: { 'x-timestamp': secondsAgo(1) } },
      { headers: { 'x-signature': '0'.repeat(64) } },
    ];
    for (const tampering of changes) {
      expect(extensionsOf(await refusal(tampering))).toEqual({
        code: 'UNAUTHENTICATED',
        reason: 'SIGNATURE_MISMATCH',
      });
    }
  });

  test('its client is unknown or another one, which reads like a wrong signature', async () => {
    const wrong = await refusal({ headers: { 'x-signature': '0'.repeat(64) } });
    const unknown = await refusal({ headers: { 'x-client-id': crypto.randomUUID() } });
    const nonsense = await refusal({ headers: { 'x-client-id': "' or 1=1 --" } });
    const another = await refusal({ headers: { 'x-client-id': other.credentials.clientId } });
    for (const answer of [unknown, nonsense, another]) expect(answer.text).toBe(wrong.text);
  });

  test('its token was never issued, or is one of another client, which reads the same', async () => {
    const unknown = await refusal({ headers: { authorization: 'Bearer cgt_invented' } });
    const foreign = await refusal({ headers: { authorization: `Bearer ${other.credentials.token}` } });
    expect(extensionsOf(unknown)).toEqual({ code: 'UNAUTHENTICATED', reason: 'TOKEN_INVALID' });
    expect(foreign.text).toBe(unknown.text);
  });

  test('its token has expired', async () => {
    const answer = await refusal({ headers: { authorization: `Bearer ${expired}` } });
    expect(extensionsOf(answer)).toEqual({ code: 'UNAUTHENTICATED', reason: 'TOKEN_EXPIRED' });
  });

  test('its token was revoked', async () => {
    const answer = await refusal({ headers: { authorization: `Bearer ${revoked}` } });
    expect(extensionsOf(answer)).toEqual({ code: 'UNAUTHENTICATED', reason: 'TOKEN_REVOKED' });
  });

  test('it is no GraphQL, no JSON and no known media type either', async () => {
    const answer = await partner.post('\u0000nonsense', {
      headers: { 'content-type': 'text/plain', 'x-signature': '0'.repeat(64) },
    });
    expect(answer.status).toBe(401);
    expect(extensionsOf(answer)).toMatchObject({ reason: 'SIGNATURE_MISMATCH' });
  });
});

describe('credentials that are changed while the gateway runs', () => {
  test('work soon after they are issued, and stop within 10 s of being revoked', async () => {
    const late = await issuePartner(gateway.orm, new SecretBox([gateway.secretsKey]), gateway.url, 'Late');
    const untilStatus = async (status: number, sender: SignedClient) => {
      const ask = () => sender.send('{ __typename }');
      await eventually(`it is answered ${status}`, async () => (await ask()).status === status, 10_000);
      return ask();
    };
    await untilStatus(200, late);

    const last = gateway.nextPartner();
    await untilStatus(200, last);

    await query(gateway.databaseUrl, 'update access_token set revoked_at = now() where client_id = $1', [
      late.credentials.clientId,
    ]);
    await query(gateway.databaseUrl, 'update api_client set revoked_at = now() where id = $1', [
      last.credentials.clientId,
    ]);
    const refusals = await Promise.all([untilStatus(401, late), untilStatus(401, last)]);
    expect(refusals.map(extensionsOf)).toEqual([
      expect.objectContaining({ reason: 'TOKEN_REVOKED' }),
      expect.objectContaining({ reason: 'SIGNATURE_MISMATCH' }),
    ]);
  });

  test('are read for no unknown client ID, so its refusal waits for nothing', async () => {
    const lock = await lockTable(gateway.databaseUrl, 'client_secret');
    try {
      // The list is refreshed every second; this read waits for the lock.
      await lock.waitedForBy(1);
      await refusal({ headers: { 'x-client-id': crypto.randomUUID() } });
      expect(await lock.waiting()).toHaveLength(1);
    } finally {
      await lock.release();
    }
  });

  test('shut out only the client whose secret no key can open', async () => {
    const lost = await issuePartner(gateway.orm, new SecretBox([randomBytes(32)]), gateway.url, 'Lost');
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await refusal({}, lost);
    expect((await other.send('{ __typename }')).status).toBe(200);
  });
});
