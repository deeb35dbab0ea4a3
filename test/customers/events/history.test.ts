import pg from 'pg';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { openCustomerRepository } from '../../../src/customers/customer-repository.js';
import { query } from '../../support/database.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';
import { CREATE_CUSTOMER, UNKNOWN_UUID, UPDATE_CUSTOMER } from '../../support/operations.js';
import { sharedResources } from '../../support/resources.js';
import { newEmail, type SignedClient } from '../../support/signed-client.js';

const HISTORY = `
  query ($uuid: UUID!, $first: Int, $after: String) {
    customer(uuid: $uuid) {
      history(first: $first, after: $after) {
        edges { cursor node { version } }
        nodes { type version customer { notes } changes { field before after } actor { requestId } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }
  }`;

let gateway: TestGateway;
let partner: SignedClient & { readonly teamId: string };
/** Customers with three versions each. */
let uuids: string[];

const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(await startTestGateway({}, 2), (it) => it.close());
  partner = gateway.nextPartner();
  uuids = [];
  for (let count = 0; count < 7; count += 1) {
    const { json } = await partner.send(CREATE_CUSTOMER, { input: { customer: 'Acme', email: newEmail() } });
    const { uuid } = json.data.createCustomer.data;
    for (const notes of ['a', 'b']) await partner.send(UPDATE_CUSTOMER, { uuid, input: { notes } });
    uuids.push(uuid);
  }
});

async function historyOf(variables: Record<string, unknown>) {
  const { json } = await partner.send(HISTORY, { uuid: uuids[0], ...variables });
  expect(json.errors).toBeUndefined();
  return json.data.customer.history;
}

describe('the history of a customer', () => {
  test('has its changes, the latest first', async () => {
    const { nodes } = await historyOf({});
    expect(nodes).toMatchObject([
      {
        type: 'UPDATED',
        version: 3,
        customer: { notes: 'b' },
        changes: [{ field: 'notes', before: 'a', after: 'b' }],
      },
      {
        type: 'UPDATED',
        version: 2,
        customer: { notes: 'a' },
        changes: [{ field: 'notes', before: null, after: 'a' }],
      },
      { type: 'CREATED', version: 1, customer: { notes: null }, changes: [] },
    ]);
  });

  test('is read page by page', async () => {
    const first = await historyOf({ first: 2 });
    expect(first).toMatchObject({
      nodes: [{ version: 3 }, { version: 2 }],
      pageInfo: { hasNextPage: true, hasPreviousPage: false, endCursor: first.edges[1].cursor },
    });
    const last = await historyOf({ first: 2, after: first.pageInfo.endCursor });
    expect(last).toMatchObject({
      nodes: [{ version: 1 }],
      pageInfo: { hasNextPage: false, hasPreviousPage: true },
    });
    const none = await historyOf({ after: last.pageInfo.endCursor });
    expect(none).toMatchObject({ nodes: [], pageInfo: { hasNextPage: false, endCursor: null } });
  });

  test.each([
    [{ first: 101 }, 'first', 'OUT_OF_RANGE'],
    [{ after: 'x' }, 'after', 'INVALID_CURSOR'],
    [{ after: 'AAAAAA' }, 'after', 'INVALID_CURSOR'],
  ])('refuses %j', async (variables, path, code) => {
    const { json } = await partner.send(HISTORY, { uuid: uuids[0], ...variables });
    expect(json.errors[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', errors: [{ path, code }] });
  });
});

test('the histories of a list take one statement', async () => {
  const queries = resources.adopt(vi.spyOn(pg.Client.prototype, 'query'), (it) => {
    it.mockRestore();
  });
  const { json } = await partner.send('{ customers { records { uuid history { nodes { version } } } } }');
  expect(json.data.customers.records).toHaveLength(uuids.length);
  for (const { history } of json.data.customers.records) {
    expect(history.nodes).toEqual([{ version: 3 }, { version: 2 }, { version: 1 }]);
  }
  const names = (queries.mock.calls as unknown[][]).flatMap(([statement]) =>
    statement instanceof Object && 'name' in statement ? [statement.name] : [],
  );
  expect(names.filter((name) => name === 'customer-history')).toHaveLength(1);
});

describe('histories with more bytes than may be read', () => {
  /** The versions of the histories of some customers, each with `+` if there are earlier ones. */
  async function versionsOf(customers: readonly string[], maxBytes: number): Promise<string[]> {
    const repository = await openCustomerRepository(gateway.orm);
    const keys = customers.map((uuid) => ({ uuid, before: 100 }));
    const pages = await repository.history(partner.teamId, keys, 100, maxBytes);
    return pages.map(({ events, hasNextPage }) =>
      [...events.map(({ version }) => version), ...(hasNextPage ? ['+'] : [])].join(' '),
    );
  }

  /** The bytes of one version of some customers. */
  async function bytesOf(customers: readonly string[], version: number): Promise<number> {
    const [row] = await query<{ bytes: number }>(
      gateway.databaseUrl,
      `select sum(octet_length(customer::text) + coalesce(octet_length(previous::text), 0))::int as bytes
       from customer_event where customer_id = any($1) and version = $2`,
      [customers, version],
    );
    return row?.bytes ?? 0;
  }

  test('have the latest events of all customers first, and a next page', async () => {
    const customers = uuids.slice(0, 3);
    const [latest, before] = [await bytesOf(customers, 3), await bytesOf(customers, 2)];
    expect(await versionsOf(customers, latest)).toEqual(['3 +', '3 +', '3 +']);
    expect(await versionsOf(customers, latest + before - 1)).toEqual(['3 2 +', '3 2 +', '3 +']);
    expect(await versionsOf(customers, latest + before)).toEqual(['3 2 +', '3 2 +', '3 2 +']);
    expect(await versionsOf([UNKNOWN_UUID, ...customers], latest)).toEqual(['', '3 +', '3 +', '3 +']);
  });

  test('are refused if even the latest events of all are too large, but not the history of one customer', async () => {
    const customers = uuids.slice(0, 3);
    const tooFew = (await bytesOf(customers, 3)) - 1;
    await expect(versionsOf(customers, tooFew)).rejects.toThrow('The rows of the response exceed');
    await expect(versionsOf(customers, 1)).rejects.toThrow('The rows of the response exceed');
    expect(await versionsOf(uuids.slice(0, 1), 1)).toEqual(['3 +']);
  });
});
