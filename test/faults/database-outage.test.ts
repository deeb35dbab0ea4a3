import { beforeAll, describe, expect, test } from 'vitest';
import { newCustomer } from '../support/customers.js';
import { query } from '../support/database.js';
import { type DemoGateway, startDemoGateway } from '../support/demo-gateway.js';
import { eventually } from '../support/eventually.js';
import { createdBy, type Load, startLoad } from '../support/load.js';
import { CREATE_CUSTOMER } from '../support/operations.js';
import { type OwnPostgres, startOwnPostgres } from '../support/own-postgres.js';
import { temporaryFolder } from '../support/process.js';
import { sharedResources } from '../support/resources.js';

const CALLERS = 8;

/** Customers that they create before an outage and after it: several each. */
const SOME = 40;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let postgres: OwnPostgres;
let gateway: DemoGateway;
const resources = sharedResources();
beforeAll(async () => {
  folder = resources.adopt(await temporaryFolder(), (it) => it.remove());
  postgres = resources.adopt(await startOwnPostgres(), (it) => it.remove());
  gateway = resources.adopt(
    await startDemoGateway(folder.path, { DATABASE_URL: postgres.url }),
    async (it) => {
      await it.stop('SIGTERM');
    },
  );
});

const isReady = async () => (await gateway.status('/readyz')) === 200;

/** What callers were told, other than 503 in full, and customers that one was told of and that are not there. */
async function wrongs(load: Load) {
  const odd = load.calls.filter(({ answer }) => {
    if (answer?.status !== 503) return answer?.status !== 200;
    const [error] = answer.json.errors;
    return answer.headers['retry-after'] !== '1' || error.extensions.code !== 'SERVICE_UNAVAILABLE';
  });
  const acknowledged = load.answered(200).map((call) => createdBy(call).uuid);
  const kept = await query<{ id: string }>(
    postgres.url,
    `select id from customer where id = any($1::uuid[])
      and (select count(*) from contact where customer_id = customer.id) = 2`,
    [acknowledged],
  );
  const ids = new Set(kept.map(({ id }) => id));
  return { odd, lost: acknowledged.filter((uuid) => !ids.has(uuid)) };
}

describe('when PostgreSQL ends under load', () => {
  test('killed, every call gets 503 until it is there again, then goes on, and nothing acknowledged is lost', async () => {
    const load = resources.adopt(startLoad(gateway.client, CALLERS), (it) => it.stop());
    await eventually('customers are created', () => load.answered(200).length > SOME);
    await postgres.crash('SIGKILL');
    await eventually('readiness turns false', async () => !(await isReady()));
    expect(await gateway.status('/healthz')).toBe(200);
    // A resolver's refusal has a path. The one without comes from reading clients and tokens, once memory is too old.
    await eventually('even who calls cannot be known', () =>
      load.answered(503).some(({ answer }) => answer?.json.errors[0].path === undefined),
    );
    const before = load.answered(200).length;
    await postgres.start();
    await eventually('customers are created again', () => load.answered(200).length > before + SOME);
    expect(await isReady()).toBe(true);
    await load.stop();
    expect(await wrongs(load)).toEqual({ odd: [], lost: [] });
  });

  test('stopped at once, likewise', async () => {
    const load = resources.adopt(startLoad(gateway.client, CALLERS), (it) => it.stop());
    await eventually('customers are created', () => load.answered(200).length > SOME);
    await postgres.crash('immediate');
    await eventually('calls are refused', () => load.answered(503).length > CALLERS);
    const before = load.answered(200).length;
    await postgres.start();
    await eventually('customers are created again', () => load.answered(200).length > before + SOME);
    await load.stop();
    expect(await wrongs(load)).toEqual({ odd: [], lost: [] });
  });
});

test('a gateway at rest outlives the connections it keeps', async () => {
  await postgres.crash('immediate');
  await postgres.start();
  await eventually('the gateway is ready', isReady);
  expect((await gateway.client.send('{ customers { totalRecords } }')).status).toBe(200);
  expect(gateway.child.exitCode).toBeNull();
  expect(gateway.output()).not.toContain('unexpected error');
});

test('a server that takes no writes, as after a failover, still answers reads', async () => {
  const setReadOnly = async (value: 'on' | 'off') => {
    await query(postgres.url, `alter system set default_transaction_read_only = ${value}`);
    await query(postgres.url, 'select pg_reload_conf()');
  };
  const create = () => gateway.client.send(CREATE_CUSTOMER, { input: newCustomer() });
  await setReadOnly('on');
  await eventually('a create is refused', async () => (await create()).status === 503);
  expect((await gateway.client.send('{ customers { totalRecords } }')).status).toBe(200);
  await setReadOnly('off');
  await eventually('a create is done', async () => (await create()).status === 200);
  expect(gateway.output()).not.toContain('unexpected error');
});
