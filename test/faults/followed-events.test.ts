import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { query } from '../support/database.js';
import { type DemoGateway, startDemoGateway } from '../support/demo-gateway.js';
import { eventually } from '../support/eventually.js';
import { createdBy, startLoad } from '../support/load.js';
import { type OwnPostgres, startOwnPostgres } from '../support/own-postgres.js';
import { temporaryFolder } from '../support/process.js';
import { sharedResources } from '../support/resources.js';

const CALLERS = 8;

/** Customers that they create before and after each crash. */
const SOME = 40;

/** How long the reader waits after a page that it did not get, in ms. */
const REST_MS = 50;

const EVENTS = `query ($after: String) {
  customerEvents(first: 10, after: $after) {
    nodes { id customer { uuid contacts { firstName } } }
    pageInfo { endCursor }
  }
}`;

interface Event {
  readonly id: string;
  readonly customer: { readonly uuid: string; readonly contacts: readonly unknown[] };
}

let postgres: OwnPostgres;
let gateway: DemoGateway;
const resources = sharedResources();
beforeAll(async () => {
  const folder = resources.adopt(await temporaryFolder(), (it) => it.remove());
  postgres = resources.adopt(await startOwnPostgres(), (it) => it.remove());
  gateway = resources.adopt(
    await startDemoGateway(folder.path, { DATABASE_URL: postgres.url }),
    async (it) => {
      await it.stop('SIGTERM');
    },
  );
});

/** Reads the feed page by page from its start, and a page again that it did not get. */
function startReader() {
  const events: Event[] = [];
  let after: string | null = null;
  const readPage = async () => {
    const { status, json } = await gateway.client.send(EVENTS, { after });
    if (status !== 200) return sleep(REST_MS);
    expect(json.errors).toBeUndefined();
    const { nodes, pageInfo } = json.data.customerEvents;
    events.push(...nodes);
    after = pageInfo.endCursor;
  };
  const stopping = new AbortController();
  const run = async () => {
    while (!stopping.signal.aborted) await readPage();
  };
  const running = run();
  return {
    events,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

test('while PostgreSQL ends under load, a reader gets the event of each committed change once, and of no other', async () => {
  const load = resources.adopt(startLoad(gateway.client, CALLERS), (it) => it.stop());
  const reader = startReader();
  for (const how of ['SIGKILL', 'immediate'] as const) {
    const before = load.answered(200).length;
    await eventually('customers are created', () => load.answered(200).length > before + SOME);
    await postgres.crash(how);
    await eventually('calls are refused', () => load.answered(503).length > 0);
    await postgres.start();
  }
  const before = load.answered(200).length;
  await eventually('customers are created again', () => load.answered(200).length > before + SOME);
  await load.stop();

  const stored = await query<{ id: string }>(postgres.url, 'select id from customer order by id');
  await eventually('every event is read', () => reader.events.length >= stored.length);
  await reader.stop();
  expect(reader.events.map(({ customer }) => customer.uuid).toSorted()).toEqual(stored.map(({ id }) => id));
  expect(new Set(reader.events.map(({ id }) => id)).size).toBe(reader.events.length);
  expect(reader.events.every(({ customer }) => customer.contacts.length === 2)).toBe(true);
  const read = new Set(reader.events.map(({ customer }) => customer.uuid));
  expect(load.answered(200).filter((call) => !read.has(createdBy(call).uuid))).toEqual([]);
});
