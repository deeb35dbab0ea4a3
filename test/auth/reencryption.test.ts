import { randomBytes } from 'node:crypto';
import { type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { ClientSecret } from '../../src/auth/client-secret.entity.js';
import { issueClient } from '../../src/auth/issue-credentials.js';
import { reencryptSecrets } from '../../src/auth/reencrypt-secrets.js';
import { SecretBox } from '../../src/auth/secret-box.js';
import { EndpointStore } from '../../src/webhooks/endpoints/endpoint-store.js';
import { WebhookSecret } from '../../src/webhooks/endpoints/webhook-secret.entity.js';
import { openOrm } from '../../src/orm/orm.js';
import { migratedDatabase, query } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { openLocalGateway } from '../support/local-gateway.js';
import { operator } from '../support/operator.js';
import { issuePartner } from '../support/partner.js';
import { SignedClient } from '../support/signed-client.js';

/** More than one batch, and more than two: a run seals 100 at a time. */
const SOME = 110;
const MANY = 201;

/** How long a partner rests between calls, in ms: often enough for each step to meet some, and no load. */
const REST_MS = 10;

const [oldKey, newKey] = [randomBytes(32), randomBytes(32)];
const oldBox = new SecretBox([oldKey]);
const bothBox = new SecretBox([newKey, oldKey]);

let databaseUrl: string;
let orm: MikroORM;
beforeEach(async () => {
  databaseUrl = await migratedDatabase();
  orm = await openOrm(databaseUrl);
});
afterEach(() => orm.close());

/** The environment with these keys. */
const withKeys = (...keys: Buffer[]) => ({
  NODE_ENV: 'production',
  DATABASE_URL: databaseUrl,
  SECRETS_KEY: keys.map((key) => key.toString('base64')).join(','),
});

const sealedBy = async (key: Buffer): Promise<number> => {
  const [row] = await query<{ count: string }>(
    databaseUrl,
    'select count(*) from client_secret where key_id = $1',
    [new SecretBox([key]).keyId],
  );
  return Number(row?.count);
};

const issueClients = (count: number) =>
  Promise.all(Array.from({ length: count }, (_, index) => issueClient(orm, oldBox, `Client ${index}`)));

test('the key of the encryption is replaced while partners call, and the old one can be dropped', async () => {
  const partner = await issuePartner(orm, oldBox, '', 'Partner');
  const calls = async (keys: Buffer[], during: (url: string) => Promise<void>) => {
    const gateway = await openLocalGateway({ ...withKeys(...keys), RATE_LIMIT_MAX: '100000' }).answers();
    const client = new SignedClient(gateway.url, partner.credentials);
    const statuses = new Set<number>();
    const over = new AbortController();
    const calling = (async () => {
      while (!over.signal.aborted) {
        statuses.add((await client.send('{ __typename }')).status);
        await sleep(REST_MS);
      }
    })();
    await during(gateway.url);
    over.abort();
    await calling;
    await gateway.close();
    expect([...statuses]).toEqual([200]);
  };

  await calls([oldKey], () => Promise.resolve());
  await calls([newKey, oldKey], async (url) => {
    const admin = operator(withKeys(newKey, oldKey));
    expect(await admin.ask('secrets', 'reencrypt')).toEqual({
      reencrypted: 1,
      unreadable: [],
      unreadableEndpoints: [],
    });
    expect(await admin.ask('secrets', 'reencrypt')).toEqual({
      reencrypted: 0,
      unreadable: [],
      unreadableEndpoints: [],
    });
    const newcomer = await issuePartner(orm, bothBox, url, 'Newcomer');
    await eventually(
      'the gateway has read its list of clients again',
      async () => (await newcomer.send('{ __typename }')).status === 200,
    );
  });
  await calls([newKey], () => Promise.resolve());

  const locked = await openLocalGateway(withKeys(oldKey)).answers();
  const refused = await new SignedClient(locked.url, partner.credentials).send('{ __typename }');
  expect(refused.status).toBe(401);
  await locked.close();
});

test('secrets that no key decrypts are reported with their client, and the others are re-encrypted', async () => {
  const lost = await issueClient(orm, new SecretBox([randomBytes(32)]), 'Lost');
  await issueClient(orm, oldBox, 'Kept');
  const { code, stdout, stderr } = await operator(withKeys(newKey, oldKey)).run(
    'secrets',
    'reencrypt',
    '--json',
  );
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toEqual({
    reencrypted: 1,
    unreadable: [lost.clientId],
    unreadableEndpoints: [],
  });
  expect(stderr).toContain(lost.clientId);
  expect(await sealedBy(newKey)).toBe(1);
});

test('the secrets of webhook endpoints are re-encrypted, and unreadable ones reported with their endpoint', async () => {
  const partner = await issuePartner(orm, oldBox, '', 'Partner');
  const { clientId } = partner.credentials;
  const caller = { clientId, teamId: partner.teamId, tokenId: null };
  const create = async (box: SecretBox, url: string) => {
    const created = await new EndpointStore(orm, box).create(caller, { url, types: null, description: null });
    if (!created) throw new Error('The endpoint was not created');
    return created.endpoint.uuid;
  };
  const kept = await create(oldBox, 'https://kept.example');
  const lost = await create(new SecretBox([randomBytes(32)]), 'https://lost.example');
  const { code, stdout, stderr } = await operator(withKeys(newKey, oldKey)).run(
    'secrets',
    'reencrypt',
    '--json',
  );
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toEqual({ reencrypted: 2, unreadable: [], unreadableEndpoints: [lost] });
  expect(stderr).toContain(lost);
  expect(stderr).toContain('rotateWebhookSecret');
  const [secret] = await orm.em.fork().find(WebhookSecret, { endpoint: kept });
  if (!secret) throw new Error('The secret is missing');
  expect(new SecretBox([newKey]).open(secret, kept).toString()).toMatch(/^whsec_/);

  const lines = (await operator(withKeys(newKey)).run('doctor')).stdout.split('\n');
  expect(lines.find((line) => /^failed {3}secrets /.test(line))).toContain(
    `these webhook endpoints, so nothing is delivered to them: ${lost}.`,
  );
});

test('two who encrypt again at once do each secret once', async () => {
  await issueClients(MANY);
  const [one, other] = await Promise.all([
    reencryptSecrets(orm, bothBox, ClientSecret),
    reencryptSecrets(orm, bothBox, ClientSecret),
  ]);
  expect(one.reencrypted + other.reencrypted).toBe(MANY);
  expect(await sealedBy(newKey)).toBe(MANY);
});

test('a run that was killed half-way is run again for the rest', async () => {
  await issueClients(SOME);
  const blocker = new pg.Client({ connectionString: databaseUrl });
  await blocker.connect();
  await blocker.query('begin');
  await blocker.query(
    'select 1 from client_secret where id = (select max(id::text)::uuid from client_secret) for update',
  );
  let killed: ChildProcess | undefined;
  try {
    killed = operator(withKeys(newKey, oldKey)).start('secrets', 'reencrypt').child;
    await eventually('it has done some and waits for the last', async () => {
      const waiting = await query(
        databaseUrl,
        "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
      return waiting.length > 0;
    });
  } finally {
    killed?.kill('SIGKILL');
    await blocker.end();
  }
  const done = await sealedBy(newKey);
  expect(done).toBeGreaterThan(0);
  expect(done).toBeLessThan(SOME);
  await eventually('the killed one has let go', async () => {
    const rest = await operator(withKeys(newKey, oldKey)).ask('secrets', 'reencrypt');
    return rest.unreadable.length === 0 && (await sealedBy(oldKey)) === 0;
  });
  expect(await sealedBy(newKey)).toBe(SOME);
});
