import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { beforeAll, describe, expect, test } from 'vitest';
import { issueClient, issueToken } from '../src/auth/issue-credentials.js';
import { revokeToken } from '../src/auth/revoke-credentials.js';
import { SecretBox } from '../src/auth/secret-box.js';
import { openOrm } from '../src/orm/orm.js';
import { migratedDatabase, query } from './support/database.js';
import { eventually } from './support/eventually.js';
import { type Issuer, startIssuer } from './support/issuer.js';
import { CREATE_CUSTOMER, ERASE_CUSTOMER, UPSERT_CUSTOMER } from './support/operations.js';
import { operator } from './support/operator.js';
import { issuePartner, type Partner } from './support/partner.js';
import { GATEWAY, run, startGatewayProcess } from './support/process.js';
import { type Answer, exchange, SignedClient, type Tampering } from './support/signed-client.js';
import { sharedResources } from './support/resources.js';
import {
  CREATE_ENDPOINT,
  createEndpoint,
  ENDPOINT_WITH_DELIVERIES,
  ENDPOINTS,
  REDELIVER,
  ROTATE_SECRET,
  SEND_TEST,
  UPDATE_ENDPOINT,
} from './support/webhook-operations.js';
import { respondWith, startWebhookReceiver, type WebhookReceiver } from './support/webhook-receiver.js';

/** What no log may have of a customer. */
const person = {
  name: 'Wilhelmina Quux',
  email: 'wilhelmina.quux@example.com',
  phone: '+1 555 0199 8877',
  notes: 'Owes us a favour',
  badEmail: 'wilhelmina-quux-at-example',
};
/** In the query strings of the URLs of webhook endpoints, which may have tokens of the receiver. */
const URL_TOKEN = 'token-of-the-receiver';
const input = {
  customer: person.name,
  email: person.email,
  mainPhone: person.phone,
  notes: person.notes,
  contacts: [{ firstName: person.name, email: person.email, phone: person.phone, isPrimary: true }],
};
const variables = (email: string) => ({ input: { ...input, email } });

/** Everything that one run of a gateway gave away, and everything that it must not. */
interface Run {
  readonly log: string;
  readonly answers: readonly Answer[];
  readonly commands: string;
  readonly secrets: ReadonlySet<string>;
}

let issuer: Issuer;
const resources = sharedResources();
beforeAll(async () => {
  issuer = resources.adopt(await startIssuer(), (it) => it.close());
});

describe.each(['test', 'production'])('a gateway (NODE_ENV=%s) that logs all it can', (mode) => {
  let seen: Run;
  beforeAll(async () => {
    seen = await fullRun(mode);
  }, 60_000);

  test('was tried with all that can happen', () => {
    const reasons = seen.answers.map(({ json }) => json?.errors?.[0]?.extensions?.reason);
    expect(reasons).toEqual(
      expect.arrayContaining(
        `MISSING_HEADER DUPLICATE_HEADER MALFORMED_HEADER TIMESTAMP_OUT_OF_RANGE SIGNATURE_MISMATCH
         SIGNATURE_REPLAYED TOKEN_INVALID TOKEN_EXPIRED TOKEN_REVOKED`.split(/\s+/),
      ),
    );
    const statuses = new Set(seen.answers.map(({ status }) => status));
    expect([...statuses]).toEqual(expect.arrayContaining([200, 400, 401, 404, 405, 413, 415, 503]));
    const outcomes = seen.answers.flatMap(({ json }) => Object.values(json?.data ?? {}));
    for (const __typename of ['Created', 'Updated', 'ValidationError', 'Conflict', 'RateLimited']) {
      expect(outcomes).toContainEqual(expect.objectContaining({ __typename }));
    }
    const lines = [
      'unavailable',
      'cannot be decrypted',
      'malformed request',
      'webhook endpoint disabled',
      'a job of the webhook worker failed',
      '"code":"23514"',
      '"code":"22P02"',
    ];
    for (const line of lines) {
      expect(seen.log).toContain(line);
    }
  });

  test('has no secret in its log, its answers or its metrics, and commands print what is new once', () => {
    expect(seen.secrets.size).toBeGreaterThan(35);
    const said = seen.answers.map(({ text, headers }) => text + JSON.stringify(headers)).join('\n');
    const shown = [...seen.secrets].filter((secret) =>
      [seen.log, said, seen.commands].some((output) => output.includes(secret)),
    );
    expect(shown).toEqual([]);
    expect(seen.log).not.toContain('"Buffer"');
  });

  test('has nothing of customers and no URL of a webhook endpoint in its log or its metrics', () => {
    const metrics = seen.answers.map(({ text }) => text).filter((text) => text.startsWith('# HELP'));
    expect(metrics).toHaveLength(1);
    const output = seen.log + metrics.join();
    const texts = [...Object.values(person), URL_TOKEN];
    expect(texts.filter((text) => output.includes(text))).toEqual([]);
  });
});

test('a start that fails shows no secret', async () => {
  const databaseUrl = new URL(await migratedDatabase());
  databaseUrl.password = 'hunter2-database';
  const key = randomBytes(32);
  const { code, stdout, stderr } = await run(process.execPath, [GATEWAY], {
    NODE_ENV: 'production',
    DATABASE_URL: databaseUrl.href,
    SECRETS_KEY: key.toString('base64'),
    PORT: '0',
  });
  expect(code).toBe(1);
  expect(stdout + stderr).toContain('password authentication failed');
  for (const secret of [databaseUrl.password, key.toString('base64'), key.toString('hex')]) {
    expect(stdout + stderr).not.toContain(secret);
  }
});

/** Starts a gateway and does with it all that can be done, well and badly. */
async function fullRun(mode: string): Promise<Run> {
  const databaseUrl = await migratedDatabase();
  const keys = [randomBytes(32), randomBytes(32)];
  const environment = {
    NODE_ENV: mode,
    DATABASE_URL: databaseUrl,
    SECRETS_KEY: keys.map((key) => key.toString('base64')).join(','),
    LOG_LEVEL: 'trace',
    RATE_LIMIT_MAX: '70',
    METRICS_TOKEN: randomBytes(32).toString('base64url'),
    JWT_JWKS_URL: issuer.jwksUrl,
    JWT_ISSUER: issuer.name,
    JWT_AUDIENCE: issuer.audience,
    WEBHOOK_ALLOW_PRIVATE: 'on',
  };
  const gateway = await startGatewayProcess(environment);
  const orm = await openOrm(databaseUrl);
  const box = new SecretBox(keys);
  const partner = await issuePartner(orm, box, gateway.url, 'Partner');
  const limited = await issuePartner(orm, box, gateway.url, 'Limited');
  const hooked = await issuePartner(orm, box, gateway.url, 'Hooked');
  const lost = await issueClient(orm, new SecretBox([randomBytes(32)]), 'Lost');
  const grant = { clientId: partner.credentials.clientId, teamId: partner.teamId };
  const expired = await issueToken(orm, { ...grant, days: -1 });
  const revoked = await issueToken(orm, { ...grant, days: 1 });
  await revokeToken(orm, { id: revoked.tokenId });
  await orm.close();

  const answers: Answer[] = [];
  const note = (answer: Answer) => {
    answers.push(answer);
    return answer;
  };
  const commands: string[] = [];
  const secrets = new Set([
    ...keys.flatMap((key) => [key.toString('base64'), key.toString('base64url'), key.toString('hex')]),
    new URL(databaseUrl).password,
    partner.credentials.clientSecret,
    limited.credentials.clientSecret,
    lost.clientSecret,
  ]);

  await callWell(partner, note);
  await callBadly(partner, [expired.token, revoked.token], note);
  await callWithJwts(partner, note);
  for (let call = 0; call <= 70; call += 1) await limited.send(CREATE_CUSTOMER, variables('no')).then(note);
  const scraper = { authorization: `Bearer ${environment.METRICS_TOKEN}` };
  for (const path of ['/healthz', '/readyz', '/metrics', '/nothing']) {
    await exchange(new URL(path, gateway.url), 'GET', scraper, '').then(note);
  }
  await sendBrokenHttp(gateway.url, partner);
  await eventually('what is no HTTP is in the log', () => gateway.output().includes('malformed request'));
  for (const secret of await rotateByCommand(environment, partner, commands, note)) secrets.add(secret);
  for (const secret of await useWebhooks(hooked, mode, databaseUrl, () => gateway.output(), note))
    secrets.add(secret);
  await breakTheDatabase(databaseUrl, partner, note);

  const { stdout } = await gateway.stop('SIGTERM');
  for (const { sent } of answers) {
    const values = [sent['x-signature'], sent['authorization']].flat().filter((value) => value !== undefined);
    for (const value of values) secrets.add(value).add(value.replace(/^Bearer +/, ''));
  }
  return { log: stdout, answers, commands: commands.join('\n'), secrets };
}

type Note = (answer: Answer) => Answer;

async function callWell(partner: Partner, note: Note): Promise<void> {
  await partner.send(CREATE_CUSTOMER, variables(person.email)).then(note);
  await partner.send(CREATE_CUSTOMER, variables(person.email)).then(note);
  await partner.send(CREATE_CUSTOMER, variables(person.badEmail)).then(note);
  await partner.send(UPSERT_CUSTOMER, { input, by: 'EMAIL' }).then(note);
  const { json } = await partner.send(CREATE_CUSTOMER, variables(`erased.${person.email}`)).then(note);
  await partner.send(ERASE_CUSTOMER, { uuid: json.data.createCustomer.data.uuid }).then(note);
  await partner
    .send('query ($search: String) { customers(search: $search) { totalRecords } }', { search: person.email })
    .then(note);
  await partner.send(`{ customerByEmail(email: "${person.badEmail}") { uuid } }`).then(note);
}

async function callBadly(partner: Partner, tokens: readonly string[], note: Note): Promise<void> {
  const { token, clientSecret } = partner.credentials;
  const create = JSON.stringify({ query: CREATE_CUSTOMER, variables: variables(person.email) });
  const bearer = (value: string): Tampering => ({ headers: { authorization: `Bearer ${value}` } });
  const attempts: Tampering[] = [
    ...['x-client-id', 'x-signature', 'authorization'].map((name) => ({ headers: { [name]: undefined } })),
    { headers: { authorization: [`Bearer ${token}`, `Bearer ${token}`] } },
    { headers: { authorization: `Basic ${token}` } },
    { headers: { 'x-signature': clientSecret } },
    { headers: { 'x-client-id': clientSecret } },
    { timestamp: '1000000000' },
    { body: `${create} ` },
    ...[...tokens, `cgt_${'x'.repeat(43)}`].map(bearer),
    { url: `/graphql?access_token=${token}` },
    { headers: { 'content-type': `text/plain; token=${token}` } },
    { method: 'PUT' },
  ];
  for (const tampering of attempts) await partner.post(create, tampering).then(note);

  const bodies = [
    `{"query": "${person.email}`,
    JSON.stringify({ query: `{ customer(uuid: "${person.email}") { uuid } }` }),
    JSON.stringify({ query: `{ "${person.email}" }` }),
    JSON.stringify({ query: CREATE_CUSTOMER, variables: { input: { customer: [person.name], email: 1 } } }),
    Buffer.from([0xff, ...Buffer.from(person.email)]),
    person.email.repeat(50_000),
  ];
  for (const body of bodies) await partner.post(body).then(note);

  const { sent } = await partner.post(create).then(note);
  await exchange(new URL('/graphql', partner.url), 'POST', sent, create).then(note);
}

async function callWithJwts(partner: Partner, note: Note): Promise<void> {
  const claims = { client_id: partner.credentials.clientId, team_id: partner.teamId, email: person.email };
  const call = async (token: string) =>
    partner.send('{ __typename }', {}, { headers: { authorization: `Bearer ${token}` } }).then(note);
  issuer.fail(500);
  await call(await issuer.sign(claims));
  issuer.fail(undefined);
  await eventually(
    'the issuer is asked again',
    async () => (await call(await issuer.sign(claims))).status === 200,
  );
  await call(await issuer.sign({ ...claims, aud: 'else' }));
  await call(await issuer.sign({ ...claims, exp: 1 }));
}

/**
 * Uses webhooks well and badly. In production a receiver must have TLS, which this one has not: its attempts fail.
 *
 * @returns the secrets and the signatures of deliveries. The responses that show a secret are not noted.
 */
async function useWebhooks(
  partner: Partner,
  mode: string,
  databaseUrl: string,
  output: () => string,
  note: Note,
): Promise<string[]> {
  const receiver = resources.adopt(await startWebhookReceiver(), (it) => it.close());
  const scheme = mode === 'production' ? 'https:' : 'http:';
  const url = `${receiver.url.replace('http:', scheme)}?token=${URL_TOKEN}`;
  const { uuid, secret } = await createEndpoint(partner, url);
  const deliveries = async () => {
    const { json } = await partner.send(ENDPOINT_WITH_DELIVERIES, { uuid }).then(note);
    return json.data.webhookEndpoint.deliveries.nodes;
  };
  const attempted = (count: number) =>
    eventually('the attempts are recorded', async () => {
      const nodes: { attempts: unknown[] }[] = await deliveries();
      return nodes.length === count && nodes.every(({ attempts }) => attempts.length > 0);
    });
  await partner.send(CREATE_CUSTOMER, variables(person.email)).then(note);
  await attempted(1);
  const rotated = await partner.send(ROTATE_SECRET, { uuid });
  await partner.send(SEND_TEST, { uuid }).then(note);
  await attempted(2);
  await partner.send(CREATE_ENDPOINT, { input: { url: `${url}#` } }).then(note);
  await partner.send(ENDPOINTS).then(note);

  // A job of the worker fails, and the creation of an endpoint.
  await query(
    databaseUrl,
    "alter table webhook_delivery add constraint broken check (status = '') not valid",
  );
  await partner.send(SEND_TEST, { uuid }).then(note);
  await partner.send(CREATE_CUSTOMER, variables('hooked@example.com')).then(note);
  await eventually('the job fails', () => output().includes('a job of the webhook worker failed'));
  await query(databaseUrl, 'alter table webhook_delivery drop constraint broken');
  await query(databaseUrl, "alter table webhook_endpoint add constraint broken check (url = '') not valid");
  const failed = await partner.send(CREATE_ENDPOINT, { input: { url } }).then(note);
  expect(failed.json.errors[0].extensions.code).toBe('INTERNAL_SERVER_ERROR');
  await query(databaseUrl, 'alter table webhook_endpoint drop constraint broken');

  await disable(partner, receiver, { mode, uuid, databaseUrl }, note);
  await eventually('it is disabled', () => output().includes('webhook endpoint disabled'));
  const signatures = receiver.received.flatMap(({ headers }) =>
    String(headers['webhook-signature']).split(' '),
  );
  expect(signatures.length).toBeGreaterThan(mode === 'production' ? -1 : 2);
  return [secret, rotated.json.data.rotateWebhookSecret.secret, ...signatures].flatMap((text) => [
    text,
    text.replace(/^(whsec_|v1,)/, ''),
  ]);
}

/** Has the gateway disable an endpoint: its receiver is gone, or in production has failed for three days. */
async function disable(
  partner: Partner,
  receiver: WebhookReceiver,
  { mode, uuid, databaseUrl }: { mode: string; uuid: string; databaseUrl: string },
  note: Note,
): Promise<void> {
  receiver.respond = respondWith(410);
  if (mode === 'production') {
    const past = `update webhook_endpoint set failing_since = now() - interval '3 days' where id = $1`;
    await query(databaseUrl, past, [uuid]);
  }
  const { json } = await partner.send(SEND_TEST, { uuid }).then(note);
  await partner.send(REDELIVER, { uuid: json.data.sendTestEvent.data.uuid }).then(note);
  await partner.send(UPDATE_ENDPOINT, { uuid, input: { description: 'x' } }).then(note);
}

/** What no HTTP parser takes, with credentials in it. */
async function sendBrokenHttp(url: string, partner: Partner): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.end(
    `POST /graphql HTTP/1.1\r\nauthorization: Bearer ${partner.credentials.token}\r\nbad header\r\n\r\n`,
  );
  socket.resume();
  await once(socket, 'close');
}

/** Rotates the partner's secret and encrypts all again. @returns the new secrets, which stood in one answer each. */
async function rotateByCommand(
  environment: Record<string, string>,
  partner: Partner,
  commands: string[],
  note: Note,
): Promise<string[]> {
  const admin = operator(environment);
  const { clientId } = partner.credentials;
  // As a process, so that nothing it prints goes unseen.
  const rotated = await admin.start('client', 'rotate', clientId, '--json').finished;
  const { clientSecret } = JSON.parse(rotated.stdout);
  const issued = await admin.run('token', 'issue', '--client', clientId, '--team', partner.teamId, '--json');
  const { token } = JSON.parse(issued.stdout);
  commands.push(rotated.stderr, issued.stderr);
  for (const command of [
    ['client', 'list'],
    ['client', 'list', '--json'],
    ['token', 'list', '--json'],
    ['token', 'revoke', token],
    ['secrets', 'reencrypt'],
    ['client', 'create', ''],
  ]) {
    const { stdout, stderr } = await admin.run(...command);
    commands.push(stdout, stderr);
  }
  const renewed = new SignedClient(partner.url, { ...partner.credentials, clientSecret });
  await eventually(
    'the new secret works',
    async () => (await renewed.send('{ __typename }').then(note)).status === 200,
  );
  return [clientSecret, token];
}

/** Errors of the database that quote the row, and what was sent. */
async function breakTheDatabase(databaseUrl: string, partner: Partner, note: Note): Promise<void> {
  const create = () => partner.send(CREATE_CUSTOMER, variables('other@example.com')).then(note);
  await query(databaseUrl, "alter table customer add constraint broken check (name = '') not valid");
  await create();
  await query(
    databaseUrl,
    `create function refuse() returns trigger language plpgsql as $$ begin perform new.name::uuid; return new; end $$`,
  );
  await query(
    databaseUrl,
    'create trigger broken before insert on customer for each row execute function refuse()',
  );
  await create();
}
