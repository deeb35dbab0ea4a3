import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newCustomer } from '../support/customers.js';
import { eventually } from '../support/eventually.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { CREATE_CUSTOMER, DELETE_CUSTOMER, readCustomer } from '../support/operations.js';
import { type Partner } from '../support/partner.js';
import { sharedResources } from '../support/resources.js';
import { type Answer, exchange } from '../support/signed-client.js';
import { lockTable, type TableLock } from '../support/table-lock.js';

let gateway: TestGateway;
let partner: Partner;
let lock: TableLock;

/** Has the tests of a block share a gateway, and each begin with a lock on what it writes. */
function shareGateway(max: number, waitMs: number): void {
  const resources = sharedResources();
  beforeAll(async () => {
    gateway = resources.adopt(
      await startTestGateway(
        {
          databasePool: { max, waitMs, statementTimeoutMs: 20_000, listTimeoutMs: 20_000 },
          rateLimit: { max: 1_000, windowSeconds: 60 },
        },
        3,
      ),
      (it) => it.close(),
    );
  });
  beforeEach(async () => {
    partner = gateway.nextPartner();
    await readCustomer(partner, crypto.randomUUID());
    lock = await lockTable(gateway.databaseUrl);
  });
}

const create = (by: Partner = partner) => by.send(CREATE_CUSTOMER, { input: newCustomer() });
const ready = () => exchange(new URL('/readyz', gateway.url), 'GET', {}, '');
const outcomeOf = ({ status, json }: Answer) =>
  status === 200 ? json.data.createCustomer.__typename : json.errors[0].extensions.code;
const outcomes = async (calls: Promise<Answer>[]) => (await Promise.all(calls)).map(outcomeOf);

describe('while all connections are held', () => {
  // One of the four is for lists. A client can use two of the others.
  const HELD = 3;
  shareGateway(4, 1_000);

  test('others get 503 once they have waited, and those who hold them finish', async () => {
    const others = [gateway.nextPartner(), gateway.nextPartner()] as const;
    const holders = [create(), create(), create(others[0])];
    await lock.waitedForBy(HELD);
    expect(await create(others[1])).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect(await ready()).toMatchObject({ status: 503, json: { status: 'unavailable' } });

    await lock.release();
    expect(await outcomes(holders)).toEqual(['Created', 'Created', 'Created']);
    expect(await outcomes([create()])).toEqual(['Created']);
    expect(await ready()).toMatchObject({ status: 200 });
  });
});

describe('while one connection is all there is beside that for lists, and it is held', () => {
  /** What may wait for one connection. */
  const PLACES = 100;
  let holder: Promise<Answer>;
  shareGateway(2, 20_000);
  beforeEach(async () => {
    holder = create();
    await lock.waitedForBy(1);
  });

  test('no more wait for it than can hope to get it', async () => {
    let refused = 0;
    const calls = Array.from({ length: PLACES + 5 }, async () => {
      // Unlike creates, deletes share no statements.
      const answer = await partner.send(DELETE_CUSTOMER, { uuid: crypto.randomUUID() });
      if (answer.status === 503) refused += 1;
      return answer;
    });
    await eventually('those without a place are refused', () => refused === 5);
    await lock.release();
    expect(outcomeOf(await holder)).toBe('Created');
    const served = (await Promise.all(calls)).filter(({ status }) => status === 200);
    expect(served.map(({ json }) => json.data.deleteCustomer.__typename)).toEqual(
      Array.from({ length: PLACES }, () => 'NotFound'),
    );
  });

  test('probes of readiness take no places', async () => {
    const probes = Array.from({ length: PLACES + 5 }, ready);
    expect(new Set((await Promise.all(probes)).map(({ status }) => status))).toEqual(new Set([503]));
    const other = create();
    await lock.release();
    expect(await outcomes([holder, other])).toEqual(['Created', 'Created']);
  });
});
