import pg from 'pg';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';
import { CREATE_CUSTOMER, UPDATE_CUSTOMER } from '../../support/operations.js';
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

test('the histories of a list take a statement for every five customers', async () => {
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
  expect(names.filter((name) => name === 'customer-history')).toHaveLength(2);
});
