import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { query } from '../support/database.js';
import { type DemoGateway, startDemoGateway } from '../support/demo-gateway.js';
import { eventually } from '../support/eventually.js';
import { createdBy, startLoad } from '../support/load.js';
import { DELETE_CUSTOMER, UPDATE_CUSTOMER } from '../support/operations.js';
import { type OwnPostgres, startOwnPostgres } from '../support/own-postgres.js';
import { temporaryFolder } from '../support/process.js';
import { sharedResources } from '../support/resources.js';
import { SignedClient } from '../support/signed-client.js';
import { createEndpoint } from '../support/webhook-operations.js';
import { respondWith, startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.js';

const CALLERS = 4;

/** Customers that they create before and after each crash. */
const SOME = 40;

/** A delivery that a killed gateway had taken is taken again after 60 s at most, and retried a few times. */
const DELIVERED_MS = 150_000;

const TEST_MS = 300_000;

const EVENTS = `query ($after: String) {
  customerEvents(first: 100, after: $after) { nodes { id } pageInfo { endCursor hasNextPage } }
}`;

let postgres: OwnPostgres;
let folders: readonly [string, string];
let slow: WebhookReceiver;
let flaky: WebhookReceiver;

const secretsKey = randomBytes(32).toString('base64');

const resources = sharedResources();
beforeAll(async () => {
  const [one, other] = [await temporaryFolder(), await temporaryFolder()];
  for (const folder of [one, other]) resources.adopt(folder, (it) => it.remove());
  folders = [one.path, other.path];
  postgres = resources.adopt(await startOwnPostgres(), (it) => it.remove());
  const receivers = [
    await startWebhookReceiver(async (_delivery, response) => {
      await sleep(200);
      response.writeHead(204).end();
    }),
    await startWebhookReceiver((delivery, response) =>
      respondWith(Math.random() < 0.5 ? 204 : 500)(delivery, response),
    ),
  ] as const;
  for (const receiver of receivers) resources.adopt(receiver, (it) => it.close());
  [slow, flaky] = receivers;
});

async function startGateway(folder: string): Promise<DemoGateway> {
  const gateway = await startDemoGateway(folder, { DATABASE_URL: postgres.url, SECRETS_KEY: secretsKey });
  return resources.adopt(gateway, async (it) => {
    await it.stop('SIGKILL');
  });
}

/** Updates customers, and deletes every second of them. */
async function changeCustomers(client: SignedClient, uuids: readonly string[]): Promise<void> {
  for (const [index, uuid] of uuids.entries()) {
    await client.send(UPDATE_CUSTOMER, { uuid, input: { notes: 'Changed' } }).catch(() => undefined);
    if (index % 2 === 0) await client.send(DELETE_CUSTOMER, { uuid }).catch(() => undefined);
  }
}

async function readFeed(client: SignedClient): Promise<string[]> {
  const ids: string[] = [];
  for (let after: string | null = null; ;) {
    const { json } = await client.send(EVENTS, { after });
    const { nodes, pageInfo } = json.data.customerEvents;
    ids.push(...nodes.map(({ id }: { id: string }) => id));
    if (!pageInfo.hasNextPage) return ids;
    after = pageInfo.endCursor;
  }
}

const eventIds = ({ received }: WebhookReceiver) => new Set(received.map(({ event }) => event.id));

test(
  'while gateways and PostgreSQL are killed under load, every committed change reaches the endpoints that are alive, and the feed has it once',
  async () => {
    const [one, other] = [await startGateway(folders[0]), await startGateway(folders[1])];
    const { client } = one;
    const viaOther = new SignedClient(other.url, client.credentials);
    for (const url of [slow.url, flaky.url, 'http://127.0.0.1:9/dead']) await createEndpoint(client, url);

    const load = resources.adopt(startLoad(viaOther, CALLERS), (it) => it.stop());
    const someMore = async () => {
      const before = load.answered(200).length;
      await eventually('customers are created', () => load.answered(200).length > before + SOME);
    };
    await someMore();
    const changed = changeCustomers(
      client,
      load.answered(200).map((call) => createdBy(call).uuid),
    );
    await someMore();
    await one.stop('SIGKILL');
    await changed;
    await someMore();
    const restarted = await startGateway(folders[0]);
    for (const how of ['SIGKILL', 'immediate'] as const) {
      await postgres.crash(how);
      await sleep(500);
      await postgres.start();
      await someMore();
    }
    await restarted.stop('SIGKILL');
    await someMore();
    await load.stop();
    const last = await startGateway(folders[0]);
    await changeCustomers(
      last.client,
      load
        .answered(200)
        .slice(-10)
        .map((call) => createdBy(call).uuid),
    );

    const stored = (await query<{ id: string }>(postgres.url, 'select id from customer_event')).map(
      ({ id }) => id,
    );
    const [versions] = await query<{ sum: number }>(postgres.url, 'select sum(version)::int from customer');
    expect(stored).toHaveLength(versions?.sum ?? 0);
    expect((await readFeed(last.client)).toSorted()).toEqual(stored.toSorted());
    for (const receiver of [slow, flaky]) {
      await eventually(
        'every event is received',
        () => {
          const received = eventIds(receiver);
          return stored.every((id) => received.has(id));
        },
        DELIVERED_MS,
      );
      const known = new Set(stored);
      expect([...eventIds(receiver)].filter((id) => !known.has(id))).toEqual([]);
    }
  },
  TEST_MS,
);
