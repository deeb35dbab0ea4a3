import { randomBytes } from 'node:crypto';
import { type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { issueClient } from '../../src/auth/issue-credentials.js';
import { reencryptSecrets } from '../../src/auth/reencrypt-secrets.js';
import { SecretBox } from '../../src/auth/secret-box.js';
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
    expect(await admin.ask('secrets', 'reencrypt')).toEqual({ reencrypted: 1, unreadable: [] });
    expect(await admin.ask('secrets', 'reencrypt')).toEqual({ reencrypted: 0, unreadable: [] });
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
  expect(JSON.parse(stdout)).toEqual({ reencrypted: 1, unreadable: [lost.clientId] });
  expect(stderr).toContain(lost.clientId);
  expect(await sealedBy(newKey)).toBe(1);
});

test('two who encrypt again at once do each secret once', async () => {
  await issueClients(MANY);
  const [one, other] = await Promise.all([reencryptSecrets(orm, bothBox), reencryptSecrets(orm, bothBox)]);
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
