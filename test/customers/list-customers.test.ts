import { beforeAll, describe, expect, test } from 'vitest';
import { query } from '../support/database.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { CREATE_CUSTOMERS, CUSTOMER, DELETE_CUSTOMER, RESTORE_CUSTOMER } from '../support/operations.js';
import { sharedResources } from '../support/resources.js';
import { newEmail, type SignedClient } from '../support/signed-client.js';

const PAGE = `
  query ($search: String, $page: Int, $limit: Int, $orderBy: CustomerOrderField, $orderDirection: OrderDirection) {
    customers(search: $search, page: $page, limit: $limit, orderBy: $orderBy, orderDirection: $orderDirection) {
      page limit totalRecords totalPages records ${CUSTOMER}
    }
  }`;
const ORDERS = ['CUSTOMER', 'EMAIL', 'CREATED_AT', 'UPDATED_AT'];

interface Customer {
  readonly uuid: string;
  readonly customer: string;
  readonly email: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

let gateway: TestGateway;
/** A partner whose team has 45 customers: some of one name, in any case, and no two created or changed at one time. */
let partner: SignedClient & { readonly teamId: string };
let customers: Customer[];
const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(
    await startTestGateway({ rateLimit: { max: 1_000, windowSeconds: 60 } }, 12),
    (it) => it.close(),
  );
  partner = gateway.nextPartner();
  const inputs = Array.from({ length: 45 }, (_, index) => ({
    customer: ['Beta', 'alpha', 'ALPHA', 'gamma', 'Émile'][index % 5],
    email: `${String((index * 7) % 45).padStart(2, '0')}.${newEmail()}`,
    contacts: [{ firstName: `Contact ${index}` }],
  }));
  await createAll(partner, inputs);
  await query(
    gateway.databaseUrl,
    `update customer set created_at = created_at - make_interval(mins => n), updated_at = updated_at + make_interval(mins => n)
     from (select id, row_number() over (order by md5(email))::int as n from customer) as numbered
     where numbered.id = customer.id`,
  );
  customers = (await pageOf(partner, { limit: 100 })).records;
  // Another team's customers, and one that was deleted, are in no list of this team.
  await createAll(gateway.nextPartner(), [{ customer: 'alpha', email: newEmail() }]);
  const [gone] = await createAll(partner, [{ customer: 'alpha', email: newEmail() }]);
  await query(gateway.databaseUrl, 'update customer set deleted_at = now() where id = $1', [gone?.uuid]);
});

async function createAll(by: SignedClient, inputs: unknown[]): Promise<Customer[]> {
  const answer = await by.send(CREATE_CUSTOMERS, { inputs });
  return answer.json.data.createCustomers.results.map(({ data }: { data: Customer }) => data);
}

async function pageOf(by: SignedClient, variables: Record<string, unknown> = {}) {
  const answer = await by.send(PAGE, variables);
  expect(answer.json.errors).toBeUndefined();
  return answer.json.data.customers;
}

/** The team's customers in an order, worked out without the gateway. */
function inOrder(orderBy: string, direction = 'ASC'): Customer[] {
  const key = ({ customer, email, createdAt, updatedAt, uuid }: Customer): [string, string] => {
    const keys: Record<string, string> = {
      CUSTOMER: customer.toLowerCase(),
      EMAIL: email.toLowerCase(),
      CREATED_AT: createdAt,
      UPDATED_AT: updatedAt,
    };
    return [keys[orderBy] ?? '', uuid];
  };
  const isBefore = ([a, x]: [string, string], [b, y]: [string, string]) => (a === b ? x < y : a < b);
  const sorted = customers.toSorted((a, b) => (isBefore(key(a), key(b)) ? -1 : 1));
  return direction === 'ASC' ? sorted : sorted.toReversed();
}

const emailsOf = (records: readonly Customer[]) => records.map(({ email }) => email);

describe('customers', () => {
  test('answers the first 20 by name when nothing is asked for', async () => {
    const page = await pageOf(partner);
    expect(page).toMatchObject({ page: 1, limit: 20, totalRecords: 45, totalPages: 3 });
    expect(page.records).toEqual(inOrder('CUSTOMER').slice(0, 20));
  });

  test.each(
    ORDERS.flatMap((orderBy) => [
      [orderBy, 'ASC'],
      [orderBy, 'DESC'],
    ]),
  )('goes through all pages by %s %s', async (orderBy, orderDirection) => {
    const records: Customer[] = [];
    for (const page of [1, 2, 3]) {
      records.push(...(await pageOf(partner, { page, orderBy, orderDirection })).records);
    }
    expect(emailsOf(records)).toEqual(emailsOf(inOrder(orderBy, orderDirection)));
  });

  test('answers an empty list past the last page', async () => {
    const page = await pageOf(partner, { page: 10_000, limit: 100 });
    expect(page).toEqual({ page: 10_000, limit: 100, totalRecords: 45, totalPages: 1, records: [] });
  });

  test('has no page for a team that has no customer', async () => {
    const page = await pageOf(gateway.nextPartner());
    expect(page).toEqual({ page: 1, limit: 20, totalRecords: 0, totalPages: 0, records: [] });
  });

  test('takes null for the default', async () => {
    const page = await pageOf(partner, { page: null, limit: null, search: null });
    expect(page).toMatchObject({ page: 1, limit: 20, totalRecords: 45 });
  });

  test('refuses every argument that is out of bounds at once', async () => {
    const answer = await partner.send(PAGE, { page: 0, limit: 101, search: 'x'.repeat(256) });
    expect(answer.json).toEqual({
      data: null,
      errors: [
        {
          message: 'The arguments are not valid.',
          path: ['customers'],
          locations: expect.anything(),
          extensions: {
            code: 'BAD_USER_INPUT',
            errors: [
              { path: 'search', code: 'TOO_LONG', message: 'must have at most 255 characters' },
              { path: 'page', code: 'OUT_OF_RANGE', message: 'must be between 1 and 10000' },
              { path: 'limit', code: 'OUT_OF_RANGE', message: 'must be between 1 and 100' },
            ],
          },
        },
      ],
    });
  });

  test.each([
    [{ page: 10_001 }, 'page'],
    [{ page: -1 }, 'page'],
    [{ limit: 0 }, 'limit'],
  ])('refuses %j', async (variables, path) => {
    const answer = await partner.send(PAGE, variables);
    expect(answer.json.errors[0].extensions.errors).toMatchObject([{ path, code: 'OUT_OF_RANGE' }]);
  });
});

describe('search', () => {
  let searched: SignedClient;
  beforeAll(async () => {
    searched = gateway.nextPartner();
    await createAll(searched, [
      { customer: 'Nordic Lights AS', email: 'post@aurora.example', mainPhone: '+47 555 0100' },
      { customer: '100% Cotton_Works \\ Co', email: 'hello@cotton.example' },
      { customer: 'Søndre Ærfugl', email: 'SALES@Fugl.example', mainPhone: '22 22 22 22' },
      { customer: 'Plain', email: 'plain@example.org', mainPhone: '1' },
    ]);
    await createAll(gateway.nextPartner(), [
      { customer: 'Nordic Stranger', email: 'stranger@aurora.example' },
    ]);
  });

  test.each([
    ['part of a name', 'lights', ['Nordic Lights AS']],
    ['a name in another case', 'NORDIC LIGHTS', ['Nordic Lights AS']],
    ['part of an email', 'aurora.ex', ['Nordic Lights AS']],
    ['an email in another case', 'sales@fugl', ['Søndre Ærfugl']],
    ['part of a phone number', '555 01', ['Nordic Lights AS']],
    ['letters beyond ASCII, in another case', 'sØNDRE æ', ['Søndre Ærfugl']],
    ['two letters', 'øn', ['Søndre Ærfugl']],
    ['one letter', '+', ['Nordic Lights AS']],
    ['what several have', '.example', ['100% Cotton_Works \\ Co', 'Nordic Lights AS', 'Søndre Ærfugl']],
    ['a percent sign', '100%', ['100% Cotton_Works \\ Co']],
    ['an underscore', 'n_w', ['100% Cotton_Works \\ Co']],
    ['a backslash', ' \\ ', ['100% Cotton_Works \\ Co']],
    ['a pattern', 'n%s', []],
    ['what no part has alone', 'as post', []],
    ['space around it', '  plain  ', ['Plain']],
    ['nothing but space', '   ', ['100% Cotton_Works \\ Co', 'Nordic Lights AS', 'Plain', 'Søndre Ærfugl']],
  ])('finds by %s', async (_case, search, names) => {
    const page = await pageOf(searched, { search });
    expect(page.records.map(({ customer }: Customer) => customer)).toEqual(names);
    expect(page.totalRecords).toBe(names.length);
  });

  test('takes 255 characters', async () => {
    expect((await pageOf(searched, { search: 'x'.repeat(255) })).totalRecords).toBe(0);
  });

  test.each(['a\u0000', '\ud800', 'a\u001fb'])('refuses %j, which no text can have', async (search) => {
    const answer = await searched.send(PAGE, { search });
    expect(answer.json.errors[0].extensions.errors).toMatchObject([
      { path: 'search', code: 'INVALID_CHARACTERS' },
    ]);
  });
});

describe('customersConnection', () => {
  const CONNECTION = `
    query (
      $first: Int, $after: String, $last: Int, $before: String
      $filter: CustomerFilterInput, $orderBy: CustomerOrderInput
    ) {
      customersConnection(
        first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy
      ) {
        totalCount
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        edges { cursor node ${CUSTOMER} }
        nodes { uuid }
      }
    }`;

  interface Connection {
    readonly totalCount: number;
    readonly pageInfo: {
      readonly hasNextPage: boolean;
      readonly hasPreviousPage: boolean;
      readonly startCursor: string | null;
      readonly endCursor: string | null;
    };
    readonly edges: readonly { readonly cursor: string; readonly node: Customer }[];
    readonly nodes: readonly { readonly uuid: string }[];
  }

  async function connect(by: SignedClient, variables: Record<string, unknown> = {}): Promise<Connection> {
    const answer = await by.send(CONNECTION, variables);
    expect(answer.json.errors).toBeUndefined();
    return answer.json.data.customersConnection;
  }
  const nodesOf = ({ edges }: Connection) => edges.map(({ node }) => node);

  async function errorsOf(variables: Record<string, unknown>): Promise<unknown> {
    const answer = await partner.send(CONNECTION, variables);
    expect(answer.json.errors[0].extensions.code).toBe('BAD_USER_INPUT');
    return answer.json.errors[0].extensions.errors;
  }

  test('answers the first 20 by name when nothing is asked for', async () => {
    const connection = await connect(partner);
    const expected = inOrder('CUSTOMER').slice(0, 20);
    expect(nodesOf(connection)).toEqual(expected);
    expect(connection.nodes).toEqual(expected.map(({ uuid }) => ({ uuid })));
    expect(connection).toMatchObject({
      totalCount: 45,
      pageInfo: {
        hasNextPage: true,
        hasPreviousPage: false,
        startCursor: connection.edges[0]?.cursor,
        endCursor: connection.edges[19]?.cursor,
      },
    });
  });

  test.each(
    ORDERS.flatMap((field) => [
      [field, 'ASC'],
      [field, 'DESC'],
    ]),
  )('goes through all by %s %s, forward with first and back with last', async (field, direction) => {
    const orderBy = { field, direction };
    const expected = emailsOf(inOrder(field, direction));
    const forward: Customer[] = [];
    let page = await connect(partner, { first: 10, orderBy });
    for (let pages = 1; ; pages += 1) {
      forward.push(...nodesOf(page));
      expect(page.pageInfo.hasPreviousPage).toBe(pages > 1);
      if (!page.pageInfo.hasNextPage) break;
      page = await connect(partner, { first: 10, after: page.pageInfo.endCursor, orderBy });
    }
    expect(emailsOf(forward)).toEqual(expected);

    const back: Customer[] = [];
    page = await connect(partner, { last: 15, orderBy });
    for (let pages = 1; ; pages += 1) {
      back.unshift(...nodesOf(page));
      expect(page.pageInfo.hasNextPage).toBe(pages > 1);
      if (!page.pageInfo.hasPreviousPage) break;
      page = await connect(partner, { last: 15, before: page.pageInfo.startCursor, orderBy });
    }
    expect(emailsOf(back)).toEqual(expected);
  });

  test('reads between two cursors', async () => {
    const all = await connect(partner, { first: 100 });
    const [after, before] = [all.edges[4]?.cursor, all.edges[9]?.cursor];
    expect(nodesOf(await connect(partner, { after, before }))).toEqual(nodesOf(all).slice(5, 9));
    expect(nodesOf(await connect(partner, { last: 2, after, before }))).toEqual(nodesOf(all).slice(7, 9));
    expect(await connect(partner, { after: before, before: after })).toMatchObject({
      edges: [],
      pageInfo: { startCursor: null, endCursor: null },
    });
  });

  test('goes through what a search finds in the order of ids where names are equal, back to front', async () => {
    const by = gateway.nextPartner();
    const all = await createAll(
      by,
      Array.from({ length: 30 }, () => ({ customer: 'Same name', email: newEmail() })),
    );
    const found: Customer[] = [];
    let after: string | null = null;
    do {
      const page: Connection = await connect(by, {
        first: 7,
        after,
        filter: { search: 'same name' },
        orderBy: { direction: 'DESC' },
      });
      found.push(...nodesOf(page));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    expect(found.map(({ uuid }) => uuid)).toEqual(
      all
        .map(({ uuid }) => uuid)
        .toSorted()
        .toReversed(),
    );
  });

  test('keeps a place when the customer there is deleted or renamed, and others come', async () => {
    const by = gateway.nextPartner();
    const names = ['a', 'b', 'c', 'd', 'e'];
    await createAll(
      by,
      names.map((customer) => ({ customer, email: newEmail() })),
    );
    const { edges } = await connect(by, { first: 3 });
    await query(gateway.databaseUrl, 'update customer set deleted_at = now() where id = $1', [
      edges[2]?.node.uuid,
    ]);
    await query(gateway.databaseUrl, "update customer set name_key = 'z', name = 'z' where id = $1", [
      edges[1]?.node.uuid,
    ]);
    await createAll(by, [
      { customer: 'aa', email: newEmail() },
      { customer: 'cc', email: newEmail() },
    ]);
    const rest = nodesOf(await connect(by, { after: edges[2]?.cursor }));
    expect(rest.map(({ customer }) => customer)).toEqual(['cc', 'd', 'e', 'z']);
  });

  test('filters by status, by search and by spans of time, all at once', async () => {
    const by = gateway.nextPartner();
    await createAll(by, [
      { customer: 'one', email: newEmail(), status: 'INACTIVE' },
      { customer: 'two', email: newEmail() },
      { customer: 'three', email: newEmail() },
    ]);
    const day = (n: number) => `2026-01-0${n}T00:00:00.000Z`;
    for (const [name, created, changed] of [
      ['one', 1, 4],
      ['two', 2, 5],
      ['three', 3, 6],
    ] as const) {
      await query(
        gateway.databaseUrl,
        'update customer set created_at = $2, updated_at = $3 where name = $1',
        [name, day(created), day(changed)],
      );
    }
    const namesOf = async (filter: unknown) => {
      const connection = await connect(by, { filter, orderBy: { field: 'CREATED_AT' } });
      expect(connection.totalCount).toBe(connection.edges.length);
      return nodesOf(connection).map(({ customer }) => customer);
    };
    expect(await namesOf({})).toEqual(['one', 'two', 'three']);
    expect(await namesOf({ status: 'INACTIVE' })).toEqual(['one']);
    expect(await namesOf({ search: 'T' })).toEqual(['two', 'three']);
    expect(await namesOf({ createdAt: { from: day(2) } })).toEqual(['two', 'three']);
    expect(await namesOf({ createdAt: { to: day(2) } })).toEqual(['one']);
    expect(await namesOf({ createdAt: { from: day(2), to: day(3) } })).toEqual(['two']);
    expect(await namesOf({ updatedAt: { from: day(5), to: day(6) } })).toEqual(['two']);
    expect(await namesOf({ updatedAt: { from: day(6), to: day(5) } })).toEqual([]);
    expect(await namesOf({ search: 't', status: 'ACTIVE', createdAt: { from: day(3) } })).toEqual(['three']);
  });

  test('lists deleted customers instead, by the time when they were deleted', async () => {
    const by = gateway.nextPartner();
    const names = ['one', 'two', 'three'];
    await createAll(
      by,
      names.map((customer) => ({ customer, email: newEmail() })),
    );
    const [one, three, two] = nodesOf(await connect(by));
    const start = new Date().toISOString();
    for (const customer of [three, one]) await by.send(DELETE_CUSTOMER, { uuid: customer?.uuid });

    const orderBy = { field: 'UPDATED_AT' };
    const deleted = await connect(by, { filter: { deleted: true, updatedAt: { from: start } }, orderBy });
    expect(nodesOf(deleted).map(({ uuid }) => uuid)).toEqual([three?.uuid, one?.uuid]);
    expect(deleted.totalCount).toBe(2);
    const rest = await connect(by, {
      first: 1,
      after: deleted.edges[0]?.cursor,
      filter: { deleted: true },
      orderBy,
    });
    expect(nodesOf(rest).map(({ uuid }) => uuid)).toEqual([one?.uuid]);
    expect(nodesOf(await connect(by, { filter: { deleted: true, search: 'thr' } }))).toMatchObject([
      { uuid: three?.uuid },
    ]);
    expect((await connect(by, { filter: { deleted: true, updatedAt: { to: start } } })).edges).toEqual([]);
    for (const filter of [null, {}, { deleted: false }, { deleted: null }])
      expect(nodesOf(await connect(by, { filter }))).toMatchObject([{ uuid: two?.uuid }]);

    const stranger = gateway.nextPartner();
    expect(await connect(stranger, { filter: { deleted: true } })).toMatchObject({
      totalCount: 0,
      edges: [],
    });
    await by.send(RESTORE_CUSTOMER, { uuid: three?.uuid });
    expect(nodesOf(await connect(by, { filter: { deleted: true } }))).toMatchObject([{ uuid: one?.uuid }]);
  });

  test("does not see another team's customers, with their own cursors either", async () => {
    const { edges } = await connect(partner, { first: 1 });
    const stranger = gateway.nextPartner();
    expect(await connect(stranger)).toMatchObject({ totalCount: 0, edges: [] });
    expect(await connect(stranger, { after: edges[0]?.cursor })).toMatchObject({ totalCount: 0, edges: [] });
  });

  test('refuses every argument that is not valid at once', async () => {
    expect(
      await errorsOf({ first: 0, last: 101, after: 'x', before: '', filter: { search: 'x'.repeat(256) } }),
    ).toEqual([
      { path: 'first', code: 'OUT_OF_RANGE', message: 'must be between 1 and 100' },
      { path: 'last', code: 'OUT_OF_RANGE', message: 'must be between 1 and 100' },
      { path: 'filter.search', code: 'TOO_LONG', message: 'must have at most 255 characters' },
      { path: 'last', code: 'MUTUALLY_EXCLUSIVE', message: 'must not be combined with `first`' },
      {
        path: 'after',
        code: 'INVALID_CURSOR',
        message: 'must be a cursor returned by a list with the same sort order',
      },
      {
        path: 'before',
        code: 'INVALID_CURSOR',
        message: 'must be a cursor returned by a list with the same sort order',
      },
    ]);
  });

  test('refuses a cursor of another order', async () => {
    const { edges } = await connect(partner, { orderBy: { field: 'EMAIL' } });
    expect(await errorsOf({ after: edges[0]?.cursor, orderBy: { field: 'CREATED_AT' } })).toMatchObject([
      { path: 'after', code: 'INVALID_CURSOR' },
    ]);
  });
});

test.each(['customers', 'customersConnection'])(
  '%s is refused with an error past the limit',
  async (field) => {
    const tight = await startTestGateway({ rateLimit: { max: 1, windowSeconds: 60 } });
    try {
      const by = tight.nextPartner();
      const operation = `{ ${field} { __typename } }`;
      expect((await by.send(operation)).json.errors).toBeUndefined();
      const refused = await by.send(operation);
      expect(refused.json.errors[0].extensions).toMatchObject({
        code: 'RATE_LIMIT_EXCEEDED',
        details: { limit: 1, remaining: 0 },
      });
    } finally {
      await tight.close();
    }
  },
);
