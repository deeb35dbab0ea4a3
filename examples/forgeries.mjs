// Sends requests with forged or ended credentials and compares the response to each with the expected one. Exits with 1 if one
// differs. With --jwt, or --jwt ISSUER, it also forges JWTs and acts as their issuer; docs/security.md has the command that
// starts a gateway for that.
import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { signRequest } from 'customer-gateway-client';
import { demoCredentials, post } from './client.mjs';
import { command, createClient } from './operator.mjs';

const { values, positionals } = parseArgs({ options: { jwt: { type: 'boolean' } }, allowPositionals: true });
/** The gateway's `JWT_ISSUER`, on this machine. */
const issuer = positionals[0] ?? 'http://127.0.0.1:4100/';

const demo = await demoCredentials();
const body = JSON.stringify({ query: '{ __typename }' });

/** @typedef {Readonly<Record<string, string>>} Headers */

/**
 * Returns the headers of a signed request.
 *
 * @param {import('./client.mjs').Credentials} credentials
 * @param {string} path
 * @param {string} signedBody
 * @param {number} [now]
 */
async function signed(credentials, path, signedBody, now) {
  return (await signRequest(credentials, { path, body: signedBody }, now)).headers;
}

/**
 * Sends a request.
 *
 * @param {Record<string, string>} headers
 * @param {string} [sentBody]
 * @returns {Promise<string>} `OK`, the `reason` of a 401, the code of another error, or the status
 */
async function outcomeOf(headers, sentBody = body) {
  const response = await post(demo.url, headers, sentBody);
  const { reason, code } = (await response.json()).errors?.[0].extensions ?? {};
  return reason ?? code ?? (response.status === 200 ? 'OK' : String(response.status));
}

/**
 * @param {string} title
 * @param {string} expected
 * @param {Headers | Promise<Headers>} headers
 * @param {string} [sentBody]
 */
async function attempt(title, expected, headers, sentBody) {
  const outcome = await outcomeOf(await headers, sentBody);
  if (outcome !== expected) process.exitCode = 1;
  const verdict = outcome === expected ? 'ok' : `FAILED, expected ${expected}:`;
  console.log(`${verdict}  ${outcome.padEnd(22)}  ${title}`);
}

const genuine = await signed(demo, '/graphql', body);
await attempt('a genuine request', 'OK', genuine);
await attempt('no signature', 'MISSING_HEADER', without(genuine, 'x-signature'));
await attempt('an invented signature', 'SIGNATURE_MISMATCH', { ...genuine, 'x-signature': '0'.repeat(64) });
await attempt('a body that was not signed', 'SIGNATURE_MISMATCH', genuine, `${body} `);
await attempt('a path that was not signed', 'SIGNATURE_MISMATCH', await signed(demo, '/else', body));
await attempt('an unknown client', 'SIGNATURE_MISMATCH', {
  ...genuine,
  'x-client-id': randomUUID(),
});
await attempt('a client ID of SQL', 'SIGNATURE_MISMATCH', { ...genuine, 'x-client-id': "' or 1=1 --" });
await attempt(
  'a request that is one hour old',
  'TIMESTAMP_OUT_OF_RANGE',
  await signed(demo, '/graphql', body, Date.now() - 3_600_000),
);
await attempt('a token that was never issued', 'TOKEN_INVALID', {
  ...genuine,
  authorization: `Bearer cgt_${'x'.repeat(43)}`,
});

const create = JSON.stringify({
  query:
    'mutation ($email: String!) { createCustomer(input: { customer: "A", email: $email }) { __typename } }',
  variables: { email: `${randomUUID()}@example.com` },
});
const recorded = await signed(demo, '/graphql', create);
await attempt('a mutation', 'OK', recorded, create);
await attempt('the same mutation, recorded and replayed', 'SIGNATURE_REPLAYED', recorded, create);

const other = await createClient('Another partner', async () => {
  const { teamId } = await command('team', 'create', 'Another team');
  return teamId;
});
await until('OK', () => signed(other, '/graphql', body));
await attempt('another partner', 'OK', await signed(other, '/graphql', body));
await attempt(
  'the token of another partner',
  'TOKEN_INVALID',
  await signed({ ...demo, token: other.token }, '/graphql', body),
);
await attempt(
  'the client ID of one partner with the secret of another',
  'SIGNATURE_MISMATCH',
  await signed({ ...demo, clientSecret: other.clientSecret }, '/graphql', body),
);

await command('token', 'revoke', other.tokenId);
await until('TOKEN_REVOKED', () => signed(other, '/graphql', body));
await attempt('a revoked token', 'TOKEN_REVOKED', await signed(other, '/graphql', body));
const rotated = await command('client', 'rotate', other.clientId, '--overlap', '0');
await until('SIGNATURE_MISMATCH', () => signed(other, '/graphql', body));
await attempt('a secret that was rotated', 'SIGNATURE_MISMATCH', await signed(other, '/graphql', body));
await command('client', 'revoke', other.clientId);
await until('SIGNATURE_MISMATCH', () => signed({ ...other, ...rotated }, '/graphql', body));
await attempt(
  'a revoked client',
  'SIGNATURE_MISMATCH',
  await signed({ ...other, ...rotated }, '/graphql', body),
);

if (values.jwt) await forgeJwts();

/** Sends one JWT of the issuer, which is this script, and forged ones. */
async function forgeJwts() {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: randomUUID(), alg: 'ES256', use: 'sig' };
  const server = createServer((_request, response) => response.end(JSON.stringify({ keys: [jwk] })));
  await once(server.listen(Number(new URL(issuer).port), '127.0.0.1'), 'listening');

  const [{ teamId }] = await command('team', 'list', '--limit', '1');
  const exp = Math.floor(Date.now() / 1_000) + 300;
  const claims = { iss: issuer, aud: 'customer-gateway', client_id: demo.clientId, team_id: teamId, exp };
  const header = { alg: 'ES256', typ: 'at+jwt', kid: jwk.kid };
  const ecdsa = (key) => (text) => sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' });
  const hmac = (text) =>
    createHmac('sha256', publicKey.export({ type: 'spki', format: 'pem' }))
      .update(text)
      .digest();
  const withJwt = (token) => signed({ ...demo, token }, '/graphql', body);
  const jwt = (changes, signText = ecdsa(privateKey), head = {}) =>
    withJwt(encode({ ...header, ...head }, { ...claims, ...changes }, signText));

  await attempt('a genuine JWT', 'OK', jwt({}));
  await attempt(
    'alg: none',
    'TOKEN_INVALID',
    jwt({}, () => Buffer.alloc(0), { alg: 'none' }),
  );
  await attempt(
    'alg: HS256, with the public key as the secret',
    'TOKEN_INVALID',
    jwt({}, hmac, { alg: 'HS256' }),
  );
  await attempt(
    'signed with a key in its own header (jwk)',
    'TOKEN_INVALID',
    jwt({}, ecdsa(own.privateKey), { jwk: own.publicKey.export({ format: 'jwk' }) }),
  );
  await attempt(
    'signed with a key from a URL in its header (jku)',
    'TOKEN_INVALID',
    jwt({}, ecdsa(own.privateKey), { jku: 'http://127.0.0.1:1/' }),
  );
  await attempt(
    'a JWT with an unknown key ID',
    'TOKEN_INVALID',
    jwt({}, ecdsa(own.privateKey), { kid: 'unknown' }),
  );
  await attempt('a JWT of another issuer', 'TOKEN_INVALID', jwt({ iss: 'https://else.example/' }));
  await attempt('a JWT for another audience', 'TOKEN_INVALID', jwt({ aud: 'else' }));
  await attempt('a JWT for another client', 'TOKEN_INVALID', jwt({ client_id: randomUUID() }));
  await attempt('a JWT for a team that does not exist', 'TOKEN_INVALID', jwt({ team_id: randomUUID() }));
  await attempt('a JWT without an expiry', 'TOKEN_INVALID', jwt({ exp: undefined }));
  await attempt('an expired JWT', 'TOKEN_EXPIRED', jwt({ exp: exp - 3_600 }));
  await attempt('a JWT that is not valid yet', 'TOKEN_INVALID', jwt({ nbf: exp }));
  server.closeAllConnections();
  server.close();
}

/** @param {object} header @param {object} claims @param {(text: string) => Buffer} signText */
function encode(header, claims, signText) {
  const text = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${text}.${signText(text).toString('base64url')}`;
}

/** @param {Record<string, string>} headers @param {string} name */
function without(headers, name) {
  return Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name));
}

/** Waits up to 10 s, for a change of credentials takes a gateway a few seconds to notice. */
async function until(expected, headers) {
  const deadline = Date.now() + 10_000;
  while ((await outcomeOf(await headers())) !== expected) {
    if (Date.now() > deadline) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
