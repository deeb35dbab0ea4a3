import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { exportJWK, SignJWT, UnsecuredJWT } from 'jose';
import { jwtReader } from '../../src/auth/jwt/jwt-reader.js';
import { scopes } from '../../src/auth/scopes.js';
import { createTeam } from '../../src/teams/teams.js';
import { newCustomer } from '../support/customers.js';
import { query } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { type UniqueValues, type Issuer, startIssuer } from '../support/issuer.js';
import { CREATE_CUSTOMER } from '../support/operations.js';
import { type Partner } from '../support/partner.js';
import { sharedResources } from '../support/resources.js';
import { type Answer } from '../support/signed-client.js';

let issuer: Issuer;
let gateway: TestGateway;
let partner: Partner;
const resources = sharedResources();
beforeAll(async () => {
  issuer = resources.adopt(await startIssuer(), (it) => it.close());
  gateway = resources.adopt(
    await startTestGateway(
      {
        jwt: {
          jwksUrl: issuer.jwksUrl,
          issuer: issuer.name,
          audience: issuer.audience,
          teamClaim: 'team_id',
          scopesRequired: false,
        },
        rateLimit: { max: 10_000, windowSeconds: 60 },
      },
      60,
    ),
    (it) => it.close(),
  );
});
beforeEach(() => {
  partner = gateway.nextPartner();
});

const claimsOf = ({ credentials, teamId }: Partner): UniqueValues => ({
  client_id: credentials.clientId,
  team_id: teamId,
});
const bearing = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const send = (token: string) => partner.send('{ __typename }', {}, bearing(token));
const reasonOf = (answer: Answer): unknown => answer.json.errors?.[0].extensions.reason;

const seconds = (fromNow: number) => Math.floor(Date.now() / 1000) + fromNow;

describe('a token of the operator’s issuer', () => {
  test('lets its client act for its team', async () => {
    const answer = await partner.send(
      CREATE_CUSTOMER,
      { input: newCustomer() },
      bearing(await issuer.sign(claimsOf(partner))),
    );
    const { uuid } = answer.json.data.createCustomer.data;
    const read = await partner.send(`{ customer(uuid: "${uuid}") { uuid } }`);
    expect(read.json.data.customer).toEqual({ uuid });
  });

  test.each<[string, () => Promise<string>]>([
    [
      'names its client in azp',
      () => issuer.sign({ ...claimsOf(partner), client_id: undefined, azp: partner.credentials.clientId }),
    ],
    ['is of type JWT', () => issuer.sign(claimsOf(partner), { typ: 'JWT' })],
    ['has several audiences', () => issuer.sign({ ...claimsOf(partner), aud: ['else', issuer.audience] })],
    [
      'writes the team in capitals',
      () => issuer.sign({ ...claimsOf(partner), team_id: partner.teamId.toUpperCase() }),
    ],
    ['expired 2 s ago, for clocks differ', () => issuer.sign({ ...claimsOf(partner), exp: seconds(-2) })],
  ])('is taken when it %s', async (_case, token) => {
    expect((await send(await token())).status).toBe(200);
  });

  test('is answered from memory, and looked at again within 10 s', async () => {
    const teamId = await createTeam(gateway.orm, 'Gone');
    const token = await issuer.sign({ ...claimsOf(partner), team_id: teamId });
    expect((await send(token)).status).toBe(200);
    await query(gateway.databaseUrl, 'delete from team where id = $1', [teamId]);
    expect((await send(token)).status).toBe(200);
    await eventually('the token is refused', async () => reasonOf(await send(token)) === 'TOKEN_INVALID');
  });

  test("does not replace the gateway's own tokens, which keep working", async () => {
    expect((await partner.send('{ __typename }')).status).toBe(200);
    expect(reasonOf(await send('cgt_invented'))).toBe('TOKEN_INVALID');
  });
});

describe('a token has the scopes that', () => {
  const SOME = ['customers:read', 'events:read'];

  test.each<[string, UniqueValues, readonly string[], readonly string[]]>([
    ['its scope names', { scope: 'events:read customers:read' }, SOME, SOME],
    ['its scope names among others', { scope: 'openid  customers:read events:read ' }, SOME, SOME],
    ['its scp lists', { scp: ['customers:read', 7, 'events:read', 'User.Read'] }, SOME, SOME],
    ['its scp names', { scp: 'customers:read events:read' }, SOME, SOME],
    [
      'its scope names, not its scp',
      { scope: 'events:read', scp: 'customers:read' },
      ['events:read'],
      ['events:read'],
    ],
    ['no claim limits, or none where they are required', {}, scopes, []],
    [
      'are of other services, or none where they are required',
      { scope: 'openid Customers:Read' },
      scopes,
      [],
    ],
    ['are no text, or none where they are required', { scope: { customers: 'read' } }, scopes, []],
  ])('%s', async (_case, claims, optional, required) => {
    const token = await issuer.sign({ ...claimsOf(partner), ...claims });
    const { jwksUrl, name, audience } = issuer;
    const config = { jwksUrl, issuer: name, audience, teamClaim: 'team_id' };
    for (const [scopesRequired, expected] of [
      [false, optional],
      [true, required],
    ] as const) {
      const grant = await jwtReader(gateway.orm, { ...config, scopesRequired })(token);
      expect([...(grant?.scopes ?? ['no grant'])].toSorted()).toEqual(expected.toSorted());
    }
  });

  test('it names, and no others', async () => {
    const token = await issuer.sign({ ...claimsOf(partner), scope: 'openid customers:read' });
    const read = await partner.send('{ customers { totalRecords } }', {}, bearing(token));
    expect(read.json).toEqual({ data: { customers: { totalRecords: 0 } } });
    const create = await partner.send(CREATE_CUSTOMER, { input: newCustomer() }, bearing(token));
    expect([create.status, create.json.errors[0].extensions]).toEqual([
      403,
      { code: 'FORBIDDEN', missingScopes: ['customers:write'] },
    ]);
  });
});

describe('a token is invalid when it', () => {
  const others = () => gateway.nextPartner();

  test.each<[string, () => Promise<string>]>([
    ['is of another issuer', () => issuer.sign({ ...claimsOf(partner), iss: 'https://else.example/' })],
    ['is for another audience', () => issuer.sign({ ...claimsOf(partner), aud: 'else' })],
    ['is for no audience', () => issuer.sign({ ...claimsOf(partner), aud: undefined })],
    [
      'is of another client',
      () => issuer.sign({ ...claimsOf(partner), client_id: others().credentials.clientId }),
    ],
    [
      'is of another client that has ours as azp',
      () => issuer.sign({ ...claimsOf(partner), client_id: 'else', azp: partner.credentials.clientId }),
    ],
    ['names no client', () => issuer.sign({ ...claimsOf(partner), client_id: undefined })],
    [
      'names a list of clients',
      () => issuer.sign({ ...claimsOf(partner), client_id: [partner.credentials.clientId] }),
    ],
    ['names no team', () => issuer.sign({ ...claimsOf(partner), team_id: undefined })],
    ['names a team that is no UUID', () => issuer.sign({ ...claimsOf(partner), team_id: "' or 1=1 --" })],
    [
      'names a team that does not exist',
      () => issuer.sign({ ...claimsOf(partner), team_id: crypto.randomUUID() }),
    ],
    ['is not valid yet', () => issuer.sign({ ...claimsOf(partner), nbf: seconds(60) })],
    ['never expires', () => issuer.sign({ ...claimsOf(partner), exp: undefined })],
    ['is of another type', () => issuer.sign(claimsOf(partner), { typ: 'dpop+jwt' })],
    ['says no type', () => issuer.sign(claimsOf(partner), { typ: undefined })],
    [
      'is longer than 8192 characters',
      () => issuer.sign({ ...claimsOf(partner), filler: 'x'.repeat(8_192) }),
    ],
    ['has an unknown key id', () => issuer.sign(claimsOf(partner), { kid: 'unknown' })],
  ])('%s', async (_case, token) => {
    const answer = await send(await token());
    expect([answer.status, reasonOf(answer)]).toEqual([401, 'TOKEN_INVALID']);
  });

  test('has a signature that is not the issuer’s', async () => {
    const [header, payload, signature = ''] = (await issuer.sign(claimsOf(partner))).split('.');
    const mine = Buffer.from(JSON.stringify({ iss: issuer.name, ...claimsOf(partner) })).toString(
      'base64url',
    );
    for (const token of [
      `${header}.${payload}.${signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))}`,
      `${header}.${payload}.`,
      `${header}.${mine}.${signature}`,
    ]) {
      expect(reasonOf(await send(token))).toBe('TOKEN_INVALID');
    }
  });

  test('says that it needs no signature', async () => {
    const token = new UnsecuredJWT(claimsOf(partner))
      .setIssuer(issuer.name)
      .setAudience(issuer.audience)
      .setExpirationTime('5m')
      .encode();
    expect(reasonOf(await send(token))).toBe('TOKEN_INVALID');
    expect(reasonOf(await send(token.replace(/\.$/, '.AAAA')))).toBe('TOKEN_INVALID');
  });

  test('is signed by HMAC with the public key for its secret', async () => {
    const key = createPublicKey({ key: issuer.publicKey(), format: 'jwk' });
    const secrets = [
      key.export({ type: 'spki', format: 'pem' }),
      key.export({ type: 'spki', format: 'der' }),
      JSON.stringify(issuer.publicKey()),
    ];
    for (const secret of secrets) {
      const token = await new SignJWT({ iss: issuer.name, aud: issuer.audience, ...claimsOf(partner) })
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: issuer.publicKey().kid ?? '' })
        .setExpirationTime('5m')
        .sign(Buffer.from(secret));
      expect(reasonOf(await send(token))).toBe('TOKEN_INVALID');
    }
  });

  test('brings a key of its own, or says where one is', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = { ...(await exportJWK(publicKey)), kid: 'mine' };
    const elsewhere = await startIssuer();
    const kid = issuer.publicKey().kid ?? '';
    try {
      for (const header of [
        { jwk, kid: 'mine' },
        { jwk, kid },
        { jku: elsewhere.jwksUrl, kid: 'key-1' },
        { x5u: elsewhere.jwksUrl, kid: 'key-1' },
      ]) {
        const token = await new SignJWT({ iss: issuer.name, aud: issuer.audience, ...claimsOf(partner) })
          .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', ...header })
          .setExpirationTime('5m')
          .sign(privateKey);
        expect(reasonOf(await send(token))).toBe('TOKEN_INVALID');
      }
      expect(elsewhere.reads()).toBe(0);
    } finally {
      await elsewhere.close();
    }
  });

  test('is anything else, which is never our fault', async () => {
    const part = fc.oneof(
      fc.base64String(),
      fc.json().map((json) => Buffer.from(json).toString('base64url')),
      fc
        .record({
          alg: fc.oneof(fc.constantFrom('ES256', 'RS256', 'EdDSA', 'ES512', 'none'), fc.json()),
          kid: fc.oneof(fc.constant('key-1'), fc.json()),
        })
        .map((header) => Buffer.from(JSON.stringify(header)).toString('base64url')),
    );
    const tokens = fc
      .array(part, { minLength: 1, maxLength: 5 })
      .map((parts) => parts.join('.').replace(/=/g, ''));
    await fc.assert(
      fc.asyncProperty(tokens, async (token) => {
        fc.pre(token !== '');
        expect((await send(token)).status).toBe(401);
      }),
      { numRuns: 200 },
    );
  });
});

test('an expired token is distinguished from an invalid one', async () => {
  const token = await issuer.sign({ ...claimsOf(partner), exp: seconds(-60) });
  expect(reasonOf(await send(token))).toBe('TOKEN_EXPIRED');
  const foreign = await issuer.sign({ ...claimsOf(partner), client_id: 'else', exp: seconds(-60) });
  expect(reasonOf(await send(foreign))).toBe('TOKEN_INVALID');
});

test('a caller who is not proven never makes us look at a token', async () => {
  const reads = issuer.reads();
  const token = await issuer.sign(claimsOf(partner), { kid: 'another' });
  const answer = await partner.send(
    '{ __typename }',
    {},
    {
      headers: { authorization: `Bearer ${token}`, 'x-signature': '0'.repeat(64) },
    },
  );
  expect(reasonOf(answer)).toBe('SIGNATURE_MISMATCH');
  expect(issuer.reads()).toBe(reads);
});

test("an unreachable issuer is an outage, not a refusal; the gateway's own tokens keep working", async () => {
  const down = await startIssuer();
  down.fail(500);
  const jwt = {
    jwksUrl: down.jwksUrl,
    issuer: down.name,
    audience: down.audience,
    teamClaim: 'team_id',
    scopesRequired: false,
  };
  const other = await startTestGateway({ jwt });
  try {
    const caller = other.nextPartner();
    const token = await down.sign(claimsOf(caller));
    const answer = await caller.send('{ __typename }', {}, bearing(token));
    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.json.errors[0].extensions.code).toBe('SERVICE_UNAVAILABLE');
    expect((await caller.send('{ __typename }')).status).toBe(200);

    down.fail(undefined);
    await eventually(
      'the token is taken',
      async () => (await caller.send('{ __typename }', {}, bearing(token))).status === 200,
    );
  } finally {
    await other.close();
    await down.close();
  }
});

test('without an issuer configured, a JWT is no token', async () => {
  const plain = await startTestGateway();
  try {
    const caller = plain.nextPartner();
    const answer = await caller.send('{ __typename }', {}, bearing(await issuer.sign(claimsOf(caller))));
    expect(reasonOf(answer)).toBe('TOKEN_INVALID');
  } finally {
    await plain.close();
  }
});
