// Callers who are not who they say, what each is answered, and whether that is right. With `--jwt` also forged JWTs, for a
// gateway that takes this script for its issuer; docs/security.md says how to start one.
import { execFile } from 'node:child_process';
import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { createServer } from 'node:http';
import { promisify } from 'node:util';
import { demoCredentials, signedHeaders } from './client.mjs';

const ISSUER_PORT = 4100;
const ISSUER = `http://127.0.0.1:${ISSUER_PORT}/`;

const body = JSON.stringify({ query: '{ __typename }' });
const demo = await demoCredentials();

/** @param {Record<string, string>} headers @param {string} [sent] @returns {Promise<{ status: number; json: any }>} */
async function post(headers, sent = body) {
  const response = await fetch(demo.url, { method: 'POST', headers, body: sent });
  return { status: response.status, json: await response.json() };
}

/** What a request is answered, in a word: `OK`, or the reason of its refusal. */
const wordFor = ({ status, json }) =>
  json.errors?.[0].extensions.reason ??
  json.errors?.[0].extensions.code ??
  (status === 200 ? 'OK' : String(status));

/** @param {string} what @param {string} wanted @param {Record<string, string>} headers @param {string} [sent] */
async function attempt(what, wanted, headers, sent) {
  const word = wordFor(await post(headers, sent));
  if (word !== wanted) process.exitCode = 1;
  console.log(`${word === wanted ? 'as it should be' : `NOT ${wanted}`}  ${word.padEnd(22)}  ${what}`);
}

/** Runs a command of the operator's. */
async function command(...args) {
  const { stdout } = await promisify(execFile)('npx', ['customer-gateway', ...args, '--json']);
  return JSON.parse(stdout);
}

/** Another partner of the same gateway, who acts for a team of their own. */
async function otherPartner() {
  const client = await command('client', 'create', 'Another partner');
  const { teamId } = await command('team', 'create', 'Another team');
  const { token, tokenId } = await command('token', 'issue', '--client', client.clientId, '--team', teamId);
  return { ...client, token, tokenId, teamId };
}

const genuine = signedHeaders(demo, '/graphql', body);
await attempt('nothing forged', 'OK', genuine);
await attempt('no signature', 'MISSING_HEADER', without(genuine, 'x-signature'));
await attempt('an invented signature', 'SIGNATURE_MISMATCH', { ...genuine, 'x-signature': '0'.repeat(64) });
await attempt('another body than was signed', 'SIGNATURE_MISMATCH', genuine, `${body} `);
await attempt('another path than was signed', 'SIGNATURE_MISMATCH', signedHeaders(demo, '/else', body));
await attempt('a client that does not exist', 'SIGNATURE_MISMATCH', {
  ...genuine,
  'x-client-id': randomUUID(),
});
await attempt('SQL for a client', 'SIGNATURE_MISMATCH', { ...genuine, 'x-client-id': "' or 1=1 --" });
await attempt(
  'a request of an hour ago',
  'TIMESTAMP_OUT_OF_RANGE',
  signedHeaders(demo, '/graphql', body, Date.now() - 3_600_000),
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
const recorded = signedHeaders(demo, '/graphql', create);
await attempt('a mutation', 'OK', recorded, create);
await attempt('the same mutation, recorded and sent again', 'SIGNATURE_REPLAYED', recorded, create);

const other = await otherPartner();
await until('OK', () => signedHeaders(other, '/graphql', body));
await attempt('another partner', 'OK', signedHeaders(other, '/graphql', body));
await attempt(
  'the token of another partner',
  'TOKEN_INVALID',
  signedHeaders({ ...demo, token: other.token }, '/graphql', body),
);
await attempt(
  'the client id of one, the secret of another',
  'SIGNATURE_MISMATCH',
  signedHeaders({ ...demo, clientSecret: other.clientSecret }, '/graphql', body),
);

await command('token', 'revoke', other.tokenId);
await until('TOKEN_REVOKED', () => signedHeaders(other, '/graphql', body));
await attempt('a token that was revoked', 'TOKEN_REVOKED', signedHeaders(other, '/graphql', body));
const rotated = await command('client', 'rotate', other.clientId, '--overlap', '0');
await until('SIGNATURE_MISMATCH', () => signedHeaders(other, '/graphql', body));
await attempt('a secret that was rotated away', 'SIGNATURE_MISMATCH', signedHeaders(other, '/graphql', body));
await command('client', 'revoke', other.clientId);
await until('SIGNATURE_MISMATCH', () => signedHeaders({ ...other, ...rotated }, '/graphql', body));
await attempt(
  'a client that was revoked',
  'SIGNATURE_MISMATCH',
  signedHeaders({ ...other, ...rotated }, '/graphql', body),
);

if (process.argv.includes('--jwt')) await forgeJwts();

/** Tokens of the issuer that this script is, and some that it is not. */
async function forgeJwts() {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: randomUUID(), alg: 'ES256', use: 'sig' };
  const server = createServer((_request, response) => response.end(JSON.stringify({ keys: [jwk] })));
  await new Promise((resolve) => server.listen(ISSUER_PORT, '127.0.0.1', resolve));

  const [{ teamId }] = await command('team', 'list', '--limit', '1');
  const exp = Math.floor(Date.now() / 1_000) + 300;
  const claims = { iss: ISSUER, aud: 'customer-gateway', client_id: demo.clientId, team_id: teamId, exp };
  const header = { alg: 'ES256', typ: 'at+jwt', kid: jwk.kid };
  const ecdsa = (key) => (text) => sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' });
  const hmac = (text) =>
    createHmac('sha256', publicKey.export({ type: 'spki', format: 'pem' }))
      .update(text)
      .digest();
  const withJwt = (token) => signedHeaders({ ...demo, token }, '/graphql', body);
  const jwt = (changes, sealed = ecdsa(privateKey), head = {}) =>
    withJwt(encode({ ...header, ...head }, { ...claims, ...changes }, sealed));

  await attempt('a JWT of the issuer', 'OK', jwt({}));
  await attempt(
    'alg: none',
    'TOKEN_INVALID',
    jwt({}, () => Buffer.alloc(0), { alg: 'none' }),
  );
  await attempt(
    'alg: HS256, with the public key for a secret',
    'TOKEN_INVALID',
    jwt({}, hmac, { alg: 'HS256' }),
  );
  await attempt(
    'signed with a key that it brings along',
    'TOKEN_INVALID',
    jwt({}, ecdsa(own.privateKey), { jwk: own.publicKey.export({ format: 'jwk' }) }),
  );
  await attempt(
    'signed with a key from elsewhere',
    'TOKEN_INVALID',
    jwt({}, ecdsa(own.privateKey), { jku: 'http://127.0.0.1:1/' }),
  );
  await attempt('an unknown key', 'TOKEN_INVALID', jwt({}, ecdsa(own.privateKey), { kid: 'unknown' }));
  await attempt('another issuer', 'TOKEN_INVALID', jwt({ iss: 'https://else.example/' }));
  await attempt('another audience', 'TOKEN_INVALID', jwt({ aud: 'else' }));
  await attempt('another client', 'TOKEN_INVALID', jwt({ client_id: randomUUID() }));
  await attempt('a team that does not exist', 'TOKEN_INVALID', jwt({ team_id: randomUUID() }));
  await attempt('it never expires', 'TOKEN_INVALID', jwt({ exp: undefined }));
  await attempt('it has expired', 'TOKEN_EXPIRED', jwt({ exp: exp - 3_600 }));
  await attempt('it is not valid yet', 'TOKEN_INVALID', jwt({ nbf: exp }));
  server.closeAllConnections();
  server.close();
}

/** @param {object} header @param {object} claims @param {(text: string) => Buffer} sealed */
function encode(header, claims, sealed) {
  const text = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${text}.${sealed(text).toString('base64url')}`;
}

/** @param {Record<string, string>} headers @param {string} name */
function without(headers, name) {
  return Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name));
}

/** Waits for what takes a gateway some seconds to know. */
async function until(wanted, headers) {
  const deadline = Date.now() + 10_000;
  while (wordFor(await post(headers())) !== wanted) {
    if (Date.now() > deadline) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
