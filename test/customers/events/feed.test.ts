import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import { query } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';
import {
  CREATE_CUSTOMER,
  CREATE_CUSTOMERS,
  CUSTOMER,
  DELETE_CUSTOMER,
  RESTORE_CUSTOMER,
  UPDATE_CUSTOMER,
} from '../../support/operations.js';
import { sharedResources } from '../../support/resources.js';
import { newEmail, type SignedClient } from '../../support/signed-client.js';

const EVENTS = `
  query ($first: Int, $after: String, $types: [CustomerEventType!]) {
    customerEvents(first: $first, after: $after, types: $types) {
      edges { cursor }
      nodes {
        id type version occurredAt customer ${CUSTOMER} changes { field before after }
        actor { clientId tokenId requestId command }
      }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }`;

interface Event {
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly customer: { readonly uuid: string };
  readonly changes: readonly unknown[];
}

interface Page {
  readonly edges: readonly { readonly cursor: string }[];
  readonly nodes: readonly Event[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

type Partner = SignedClient & { readonly teamId: string };

let gateway: TestGateway;

const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(
    await startTestGateway({ rateLimit: { max: 100_000, windowSeconds: 60 } }, 20),
    (it) => it.close(),
  );
});

async function pageOf(partner: SignedClient, variables: Record<string, unknown> = {}): Promise<Page> {
  const { json } = await partner.send(EVENTS, variables);
  expect(json.errors).toBeUndefined();
  return json.data.customerEvents;
}

/** Reads the pages after a cursor until there is none. @returns the events, and the cursor at the end. */
async function follow(
  partner: SignedClient,
  after: string | null,
  variables: Record<string, unknown> = {},
): Promise<{ events: Event[]; after: string | null }> {
  const events: Event[] = [];
  let cursor = after;
  for (;;) {
    const page = await pageOf(partner, { ...variables, after: cursor });
    events.push(...page.nodes);
    cursor = page.pageInfo.endCursor;
    if (!page.pageInfo.hasNextPage) return { events, after: cursor };
  }
}

/** Follows the events until there are so many: transactions of other tests, on the same server, can delay them. */
async function eventsOf(partner: SignedClient, count: number): Promise<Event[]> {
  let events: Event[] = [];
  await eventually(`there are ${count} events`, async () => {
    ({ events } = await follow(partner, null));
    return events.length >= count;
  });
  expect(events).toHaveLength(count);
  return events;
}

/** The metric of the delay of events, in seconds. */
async function lag(): Promise<number> {
  const text = await (await fetch(new URL('/metrics', gateway.url))).text();
  return Number(/^gateway_customer_events_lag_seconds (\S+)$/m.exec(text)?.[1]);
}

async function create(partner: SignedClient, input: object = {}): Promise<{ uuid: string }> {
  const { json } = await partner.send(CREATE_CUSTOMER, {
    input: { customer: 'Acme', email: newEmail(), ...input },
  });
  return json.data.createCustomer.data;
}

test('the feed has every kind of change, with the customer after it, what changed, and who did it', async () => {
  const partner = gateway.nextPartner();
  const { uuid } = await create(partner, { notes: 'one', contacts: [{ firstName: 'Ada' }] });
  const update = await partner.send(UPDATE_CUSTOMER, {
    uuid,
    input: { notes: null, billingAddress: { city: 'Oslo' }, metadata: [{ key: 'k', value: 'v' }] },
  });
  await partner.send(DELETE_CUSTOMER, { uuid });
  const restored = await partner.send(RESTORE_CUSTOMER, { uuid });

  const events = await eventsOf(partner, 4);
  expect(events.map(({ type, version }) => [type, version])).toEqual([
    ['CREATED', 1],
    ['UPDATED', 2],
    ['DELETED', 3],
    ['RESTORED', 4],
  ]);
  expect(events[1]).toMatchObject({
    customer: update.json.data.updateCustomer.data,
    actor: {
      clientId: partner.credentials.clientId,
      requestId: update.headers['x-request-id'],
      command: null,
    },
  });
  expect(new Set(events[1]?.changes)).toEqual(
    new Set([
      { field: 'notes', before: 'one', after: null },
      { field: 'billingAddress.city', before: null, after: 'Oslo' },
      { field: 'metadata', before: '{}', after: '{"k":"v"}' },
    ]),
  );
  expect(events[3]).toMatchObject({ customer: restored.json.data.restoreCustomer.data, changes: [] });
});

test('a client that polls while others write gets every event once, and those of a customer in order', async () => {
  const partner = gateway.nextPartner();
  const progress = { isWriting: true };
  const writers = Array.from({ length: 4 }, async () => {
    for (let index = 0; index < 15; index += 1) {
      const { uuid } = await create(partner);
      const inputs = Array.from({ length: 3 }, () => ({ customer: 'Many', email: newEmail() }));
      await Promise.all([
        partner.send(UPDATE_CUSTOMER, { uuid, input: { notes: 'a' } }),
        partner.send(UPDATE_CUSTOMER, { uuid, input: { notes: 'b' } }),
        partner.send(CREATE_CUSTOMERS, { inputs }),
      ]);
    }
  });
  const all = Promise.all(writers).finally(() => (progress.isWriting = false));
  const events: Event[] = [];
  let after: string | null = null;
  const poll = async () => {
    const next = await follow(partner, after, { first: 7 });
    events.push(...next.events);
    after = next.after;
  };
  while (progress.isWriting) await poll();
  await all;
  const stored = await query<{ id: string }>(
    gateway.databaseUrl,
    'select id from customer_event where team_id = $1',
    [partner.teamId],
  );
  expect(stored).toHaveLength(4 * 15 * (1 + 2 + 3));
  await eventually('every event is read', async () => {
    await poll();
    return events.length >= stored.length;
  });
  expect(events.map(({ id }) => id).toSorted()).toEqual(stored.map(({ id }) => id).toSorted());
  for (const history of Map.groupBy(events, ({ customer }) => customer.uuid).values()) {
    expect(history.map(({ version }) => version)).toEqual(history.map((_event, index) => index + 1));
  }
});

describe('an event is not passed while its transaction is open, and', () => {
  test.each([
    ['is in the feed once it is committed', 'commit', 3],
    ['is not when it is rolled back', 'rollback', 2],
  ])('%s', async (_name, end, count) => {
    const partner = gateway.nextPartner();
    await create(partner);
    const [first] = await eventsOf(partner, 1);
    const slow = resources.adopt(new pg.Client({ connectionString: gateway.databaseUrl }), (it) => it.end());
    await slow.connect();
    await slow.query('begin');
    await slow.query(
      `insert into customer_event (team_id, customer_id, type, version, transaction, customer, command)
       select team_id, customer_id, 'DELETED', 2, pg_current_xact_id()::text::bigint, customer, 'test'
       from customer_event where id = $1`,
      [first?.id],
    );
    await create(partner);
    expect((await follow(partner, null)).events).toEqual([first]);
    expect(await lag()).toBeGreaterThan(0);
    await slow.query(end);
    expect(await eventsOf(partner, count)).toHaveLength(count);
  });

  test('is not when its connection is lost', async () => {
    const partner = gateway.nextPartner();
    const slow = new pg.Client({ connectionString: gateway.databaseUrl });
    slow.on('error', () => undefined);
    await slow.connect();
    await slow.query('begin');
    const { rows } = await slow.query('select pg_current_xact_id(), pg_backend_pid() as pid');
    await create(partner);
    expect((await follow(partner, null)).events).toEqual([]);
    await query(gateway.databaseUrl, 'select pg_terminate_backend($1)', [rows[0].pid]);
    await eventsOf(partner, 1);
  });
});

describe('a page', () => {
  let partner: Partner;
  let events: Event[];
  beforeAll(async () => {
    partner = gateway.nextPartner();
    const { uuid } = await create(partner);
    for (const notes of ['a', 'b', 'c']) await partner.send(UPDATE_CUSTOMER, { uuid, input: { notes } });
    await partner.send(DELETE_CUSTOMER, { uuid });
    events = await eventsOf(partner, 5);
  });

  test('ends with the cursor of the next one, and an empty one with its own', async () => {
    const first = await pageOf(partner, { first: 2 });
    expect(first).toMatchObject({ nodes: events.slice(0, 2), pageInfo: { hasNextPage: true } });
    expect(first.pageInfo.endCursor).toBe(first.edges[1]?.cursor);
    const rest = await pageOf(partner, { after: first.pageInfo.endCursor });
    expect(rest).toMatchObject({ nodes: events.slice(2), pageInfo: { hasNextPage: false } });
    const { endCursor } = rest.pageInfo;
    const end = await pageOf(partner, { after: endCursor });
    expect(end).toMatchObject({ nodes: [], pageInfo: { hasNextPage: false, endCursor } });
  });

  test('of some types ends after all events that were looked at', async () => {
    const page = await pageOf(partner, { types: ['CREATED', 'RESTORED'] });
    expect(page).toMatchObject({ nodes: events.slice(0, 1), pageInfo: { hasNextPage: false } });
    const rest = await follow(partner, page.pageInfo.endCursor);
    expect(rest.events).toEqual([]);
    const updates = await pageOf(partner, { types: ['UPDATED'], first: 2 });
    expect(updates).toMatchObject({ nodes: events.slice(1, 3), pageInfo: { hasNextPage: true } });
    expect((await follow(partner, updates.pageInfo.endCursor)).events).toEqual(events.slice(3));
  });

  test('begins after the last event with the cursor at the end', async () => {
    const { json } = await partner.send('{ lastCustomerEventCursor }');
    const cursor = json.data.lastCustomerEventCursor;
    expect((await follow(partner, cursor)).events).toEqual([]);
    const { uuid } = await create(partner);
    await eventually('the event is there', async () => {
      const next = await follow(partner, cursor);
      return next.events.length === 1 && next.events[0]?.customer.uuid === uuid;
    });
  });
});

test('pages of one type look at 1,000 events at most', async () => {
  const partner = gateway.nextPartner();
  await create(partner);
  await eventsOf(partner, 1);
  await query(
    gateway.databaseUrl,
    `insert into customer_event (team_id, customer_id, type, version, transaction, customer, command)
     select team_id, customer_id, 'UPDATED', n, transaction, customer, 'test'
     from customer_event, generate_series(2, 2500) as n where team_id = $1`,
    [partner.teamId],
  );
  const pages: number[] = [];
  let after: string | null = null;
  await eventually('all are looked at', async () => {
    const page = await pageOf(partner, { types: ['CREATED'], after });
    pages.push(page.nodes.length);
    after = page.pageInfo.endCursor;
    return !page.pageInfo.hasNextPage && pages.length > 2;
  });
  expect(pages.reduce((sum, length) => sum + length)).toBe(1);
});

test('pages of large customers have fewer events, and none is lost', async () => {
  const partner = gateway.nextPartner();
  const metadata = Array.from({ length: 50 }, (_, index) => ({ key: `${index}`, value: '🦊'.repeat(500) }));
  const { uuid } = await create(partner, { metadata });
  await eventsOf(partner, 1);
  await query(
    gateway.databaseUrl,
    `insert into customer_event (team_id, customer_id, type, version, transaction, customer, command)
     select team_id, customer_id, 'UPDATED', n, transaction, customer, 'test'
     from customer_event, generate_series(2, 300) as n where customer_id = $1`,
    [uuid],
  );
  const SMALL = EVENTS.replace(CUSTOMER, '{ uuid }');
  const seen: number[] = [];
  let after: string | null = null;
  for (let hasNextPage = true; hasNextPage;) {
    const { json } = await partner.send(SMALL, { after, first: 100 });
    expect(json.errors).toBeUndefined();
    const { nodes, pageInfo }: Page = json.data.customerEvents;
    expect(nodes.length).toBeLessThan(100);
    seen.push(...nodes.map(({ version }) => version));
    ({ hasNextPage, endCursor: after } = pageInfo);
  }
  expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
});

test('after a restore into another server, the documented statements keep order and cursors', async () => {
  const partner = gateway.nextPartner();
  const { uuid } = await create(partner);
  await partner.send(UPDATE_CUSTOMER, { uuid, input: { notes: 'a' } });
  await eventsOf(partner, 2);
  const { events, after } = await follow(partner, null);
  for (const table of ['customer', 'customer_event']) {
    await query(
      gateway.databaseUrl,
      `update ${table} set transaction = transaction + 1000000000000 where team_id = $1`,
      [partner.teamId],
    );
  }
  expect((await follow(partner, null)).events).toEqual([]);

  const guide = await readFile('docs/operations.md', 'utf8');
  const statements = [...guide.matchAll(/^update \w+ set transaction = 0;$/gm)].map(
    ([statement]) => statement,
  );
  expect(statements).toHaveLength(2);
  for (const statement of statements) await query(gateway.databaseUrl, statement);
  expect((await follow(partner, null)).events).toEqual(events);
  await partner.send(DELETE_CUSTOMER, { uuid });
  await eventually('the next event is there', async () => {
    const next = await follow(partner, after);
    return next.events.map(({ type }) => type).join() === 'DELETED';
  });
});

describe('arguments are refused', () => {
  test.each([
    ['a page of none', { first: 0 }, 'first', 'OUT_OF_RANGE'],
    ['a page of too many', { first: 101 }, 'first', 'OUT_OF_RANGE'],
    ['text that is no cursor', { after: 'x' }, 'after', 'INVALID_CURSOR'],
    ['a cursor of a removed event', { after: 'AZ-_AAAAcACAAAAAAAAAAQ' }, 'after', 'EXPIRED_CURSOR'],
  ])('%s', async (_name, variables, path, code) => {
    const { json } = await gateway.nextPartner().send(EVENTS, variables);
    expect(json.errors[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', errors: [{ path, code }] });
  });

  test('the cursor of another team', async () => {
    const other = gateway.nextPartner();
    await create(other);
    await eventsOf(other, 1);
    const { edges } = await pageOf(other);
    const { json } = await gateway.nextPartner().send(EVENTS, { after: edges[0]?.cursor });
    expect(json.errors[0].extensions.errors).toMatchObject([{ path: 'after', code: 'EXPIRED_CURSOR' }]);
  });
});
