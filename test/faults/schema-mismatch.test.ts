import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { SecretBox } from '../../src/auth/secret-box.js';
import { openOrm } from '../../src/orm/orm.js';
import { newCustomer } from '../support/customers.js';
import { migratedDatabase, query } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { type LocalGateway, openLocalGateway, refusedStart } from '../support/local-gateway.js';
import { operator } from '../support/operator.js';
import { CREATE_CUSTOMER } from '../support/operations.js';
import { issuePartner, type Partner } from '../support/partner.js';
import { sharedResources } from '../support/resources.js';
import { type Answer, exchange } from '../support/signed-client.js';
import { createEndpoint } from '../support/webhook-operations.js';
import { startWebhookReceiver } from '../support/webhook-receiver.js';

/** Migrations of a release after this one. */
const EXPAND = 'Migration29991231000000_customer_city';
const CONTRACT = 'Migration29991231000001_no_notes';

const NEWER = `The database schema is newer than this release: gateways must know ${EXPAND}. Start the release that migrated the database, or a newer one.`;
const OLDER =
  'The database schema is older than this release: it lacks Migration20261129095901_import_batches. Run `customer-gateway migrate`, or start the older release.';

const resources = sharedResources();
let gateway: LocalGateway;
let partner: Partner;
let databaseUrl: string;
let variables: Record<string, string>;
beforeEach(async () => {
  databaseUrl = await migratedDatabase();
  const secretsKey = randomBytes(32);
  variables = {
    NODE_ENV: 'test',
    DATABASE_URL: databaseUrl,
    SECRETS_KEY: secretsKey.toString('base64'),
    WEBHOOKS: 'off',
    WEBHOOK_ALLOW_PRIVATE: 'on',
  };
  gateway = resources.adopt(await openLocalGateway(variables).answers(), (it) => it.close());
  const orm = await openOrm(databaseUrl);
  partner = await issuePartner(orm, new SecretBox([secretsKey]), gateway.url, 'Partner');
  await orm.close();
});

const run = (...statements: string[]) => query(databaseUrl, statements.join(';'));
/** What the next release does first. */
const expand = () =>
  run(
    'alter table customer add city varchar(255) null',
    'create table visit (id uuid primary key)',
    `insert into mikro_orm_migrations (name) values ('${EXPAND}')`,
  );
/** What the release after that does. */
const contract = () =>
  run(
    'alter table customer drop column notes',
    `update mikro_orm_migrations set required = true where name = '${EXPAND}'`,
    `insert into mikro_orm_migrations (name) values ('${CONTRACT}')`,
  );
const goBack = () =>
  run(
    'alter table customer_event drop column batch_id',
    "delete from mikro_orm_migrations where name = 'Migration20261129095901_import_batches'",
  );

const create = () => partner.send(CREATE_CUSTOMER, { input: newCustomer() });
const list = () => partner.send('{ customers { totalRecords records { notes } } }');
const probe = () => exchange(new URL('/readyz', gateway.url), 'GET', {}, '');
const codeOf = ({ json }: Answer) => json.errors?.[0].extensions.code ?? json.data;
const logged = (message: string) =>
  gateway
    .output()
    .trim()
    .split('\n')
    .filter((line) => JSON.parse(line).msg === message);

describe('a gateway whose database a newer release migrates', () => {
  test('serves after an expand migration', async () => {
    await expand();
    expect(codeOf(await create())).toMatchObject({ createCustomer: { __typename: 'Created' } });
    expect(await probe()).toMatchObject({ status: 200, json: { status: 'ready' } });
  });

  test('answers 503 after a contract migration, before a probe has found out', async () => {
    await create();
    await expand();
    await contract();
    const answers = await Promise.all([create(), create(), list()]);
    expect(answers.map(codeOf)).toEqual(Array(3).fill('SERVICE_UNAVAILABLE'));
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
  });

  test('is not ready after a contract migration, says why, and logs it once', async () => {
    await expand();
    await contract();
    for (const { status, json } of [await probe(), await probe()]) {
      expect({ status, json }).toEqual({ status: 503, json: { status: 'schema-mismatch', message: NEWER } });
    }
    await create();
    expect(logged(NEWER)).toHaveLength(1);
    expect(logged('not ready')).toEqual([]);
  });

  test('does not start after a contract migration', async () => {
    await expand();
    await contract();
    expect(await refusedStart(variables)).toBe(NEWER);
    expect(await operator(variables).run('migrate')).toMatchObject({ code: 1, stderr: `${NEWER}\n` });
    expect(await operator(variables).run('team', 'list')).toMatchObject({ code: 1, stderr: `${NEWER}\n` });
  });
});

test('a gateway whose database goes back to an older release is not ready and answers 503 until it is migrated again', async () => {
  await create();
  await goBack();
  expect(codeOf(await create())).toBe('SERVICE_UNAVAILABLE');
  expect(await probe()).toMatchObject({ status: 503, json: { message: OLDER } });

  await operator(variables).ask('migrate');
  expect(await probe()).toMatchObject({ status: 200 });
  expect(codeOf(await create())).toMatchObject({ createCustomer: { __typename: 'Created' } });
  expect(logged('The database schema matches this release again')).toHaveLength(1);
});

test('a gateway whose graphile-worker is too old serves, says so once, and delivers no webhooks', async () => {
  await run('insert into graphile_worker.migrations (id, breaking) values (1000, true)');
  const refusal =
    'The schema graphile_worker is newer than this release: it has the breaking migration 1000, and this release knows 20. Webhooks are delivered by workers of the release that migrated it, or a newer one.';
  expect(await operator({ ...variables, PORT: '0' }).run('work')).toMatchObject({
    code: 1,
    stderr: `${refusal}\n`,
  });
  const delivering = await openLocalGateway({ ...variables, WEBHOOKS: 'on' }).answers();
  resources.adopt(delivering, (it) => it.close());
  const receiver = resources.adopt(await startWebhookReceiver(), (it) => it.close());
  await createEndpoint(partner, receiver.url);
  expect(codeOf(await create())).toMatchObject({ createCustomer: { __typename: 'Created' } });
  // The worker has looked at the schema again.
  await sleep(1_500);
  expect(receiver.received).toEqual([]);
  expect(delivering.output().split(refusal)).toHaveLength(2);
  expect((await fetch(new URL('/readyz', delivering.url))).status).toBe(200);

  await run('delete from graphile_worker.migrations where id = 1000');
  await eventually('the event is delivered', () => receiver.received.length === 1);
});

test('a statement that fails although the schema matches is an internal error', async () => {
  await create();
  await run('alter table customer drop column notes');
  expect(codeOf(await create())).toBe('INTERNAL_SERVER_ERROR');
  expect(await probe()).toMatchObject({ status: 200 });
});
