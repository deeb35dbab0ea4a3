import { beforeAll, expect, test } from 'vitest';
import { newCustomer } from '../support/customers.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { CREATE_CUSTOMER } from '../support/operations.js';
import { sharedResources } from '../support/resources.js';
import { lockTable } from '../support/table-lock.js';

let gateway: TestGateway;
const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(
    await startTestGateway(
      {
        databasePool: { max: 4, waitMs: 5_000, statementTimeoutMs: 4_000, listTimeoutMs: 200 },
      },
      4,
    ),
    (it) => it.close(),
  );
});

test.each([
  ['a page', '{ customers { records { uuid } } }'],
  ['a total', '{ customers { totalRecords } }'],
  ['a connection', '{ customersConnection { nodes { uuid } } }'],
])(
  '%s that takes longer than lists may is an error of its own, which no client retries',
  async (_list, query) => {
    const partner = gateway.nextPartner();
    const lock = await lockTable(gateway.databaseUrl);
    const answer = await partner.send(query);
    expect(answer).toMatchObject({
      status: 200,
      json: { data: null, errors: [{ extensions: { code: 'QUERY_TOO_SLOW' } }] },
    });
    expect(answer.headers['retry-after']).toBeUndefined();
    expect(await lock.waiting()).toEqual([]);
    await lock.release();
    expect((await partner.send(query)).json.errors).toBeUndefined();
  },
);

test('a create waits for longer than a list may', async () => {
  const partner = gateway.nextPartner();
  const lock = await lockTable(gateway.databaseUrl);
  const input = newCustomer();
  const create = partner.send(CREATE_CUSTOMER, { input });
  await lock.waitedForBy(1);
  expect((await partner.send('{ customers { totalRecords } }')).json.errors[0].extensions.code).toBe(
    'QUERY_TOO_SLOW',
  );
  await lock.release();
  expect((await create).json.data.createCustomer.__typename).toBe('Created');
});
