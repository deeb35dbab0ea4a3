import { beforeAll, describe, expect, test } from 'vitest';
import { migratedDatabase, query } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { CREATE_CUSTOMER, readCustomer, UPDATE_CUSTOMER } from '../support/operations.js';
import { type Partner } from '../support/partner.js';
import { sharedResources } from '../support/resources.js';
import { exchange, newEmail } from '../support/signed-client.js';
import { lockTable } from '../support/table-lock.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';

const UNAVAILABLE = {
  status: 503,
  headers: { 'retry-after': '1' },
  json: { errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: 1 } }] },
};

let gateway: TestGateway;
let proxy: TcpProxy;
let partner: Partner;
const resources = sharedResources();
beforeAll(async () => {
  proxy = resources.adopt(await startTcpProxy(await migratedDatabase()), (it) => it.close());
  gateway = resources.adopt(
    await startTestGateway(
      {
        databaseUrl: proxy.url,
        databasePool: { max: 4, waitMs: 1_000, statementTimeoutMs: 500, listTimeoutMs: 500 },
      },
      2,
    ),
    (it) => it.close(),
  );
  partner = gateway.nextPartner();
  // A customer of this name takes its time. A sequence counts even what is undone.
  await query(proxy.url, 'create sequence attempts');
  await query(
    proxy.url,
    `create function take_time() returns trigger language plpgsql as
      $$ begin perform nextval('attempts'); perform pg_sleep(60); return new; end $$`,
  );
  await query(
    proxy.url,
    `create trigger take_time before insert or update on customer
      for each row when (new.name = 'Slow') execute function take_time()`,
  );
});

const create = (customer = 'Acme', email = newEmail()) =>
  partner.send(CREATE_CUSTOMER, { input: { customer, email } });
const created = async () => (await create()).json.data.createCustomer.data.uuid;
const customersWith = (email: string) => query(proxy.url, 'select 1 from customer where email = $1', [email]);
const AT_WORK =
  "select pid from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'";
const atWork = () => query(proxy.url, AT_WORK);

describe('a statement over its deadline', () => {
  test('is cancelled, stores nothing and gets 503', async () => {
    const email = newEmail();
    expect(await create('Slow', email)).toMatchObject(UNAVAILABLE);
    expect(await atWork()).toEqual([]);
    expect(await customersWith(email)).toEqual([]);
    expect(await create()).toMatchObject({ status: 200 });
  });

  test('is one that waits for a lock as well', async () => {
    const email = newEmail();
    const lock = await lockTable(proxy.url);
    expect(await create('Acme', email)).toMatchObject(UNAVAILABLE);
    expect(await lock.waiting()).toEqual([]);
    await lock.release();
    expect(await customersWith(email)).toEqual([]);
    expect(await create('Acme', email)).toMatchObject({ status: 200 });
  });

  test('leaves a customer as it was when it was to change it', async () => {
    const uuid = await created();
    const answer = await partner.send(UPDATE_CUSTOMER, { uuid, input: { customer: 'Slow' } });
    expect(answer).toMatchObject(UNAVAILABLE);
    expect(await readCustomer(partner, uuid)).toMatchObject({ customer: 'Acme', version: 1 });
  });
});

test('a create whose connection ends half-way gets 503 and is not sent again by us', async () => {
  const attempts = () => query(proxy.url, "select nextval('attempts')::int as number");
  const [before] = await attempts();
  const email = newEmail();
  const call = create('Slow', email);
  await eventually('it is at work', async () => (await atWork()).length === 1);
  await query(proxy.url, `select pg_terminate_backend(pid) from (${AT_WORK}) as at_work`);
  expect(await call).toMatchObject(UNAVAILABLE);
  expect(await attempts()).toEqual([{ number: Number(before?.['number']) + 2 }]);
  expect(await customersWith(email)).toEqual([]);
});

describe('a server that says nothing any more', () => {
  test('gets its connections closed, callers get 503, and new connections serve once it is back', async () => {
    await Promise.all(Array.from({ length: 4 }, () => create()));
    proxy.swallow();
    const calls = [
      create(),
      // An ORM's statement: nobody has asked for this partner's token yet.
      gateway.nextPartner().send('{ __typename }'),
      partner.send('{ customers { totalRecords } }'),
      // More than there are connections: new ones, and places in the queue.
      ...Array.from({ length: 6 }, () => create()),
    ];
    expect(await exchange(new URL('/readyz', gateway.url), 'GET', {}, '')).toMatchObject({ status: 503 });
    for (const answer of await Promise.all(calls)) expect(answer).toMatchObject(UNAVAILABLE);

    proxy.pass();
    // Connections that were being opened in the silence take up places of the pool until they time out.
    await eventually('it serves', async () => (await create()).status === 200);
    expect(await exchange(new URL('/readyz', gateway.url), 'GET', {}, '')).toMatchObject({ status: 200 });
  });
});
