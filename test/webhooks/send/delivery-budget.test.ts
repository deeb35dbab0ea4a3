import { Registry } from 'prom-client';
import { beforeAll, expect, test } from 'vitest';
import { SecretBox } from '../../../src/auth/secret-box.js';
import { ByteBudget } from '../../../src/concurrency/byte-budget.js';
import { DeliveryStore } from '../../../src/webhooks/send/delivery-store.js';
import { sendDeliveries } from '../../../src/webhooks/send/send-deliveries.js';
import { WebhookMetrics } from '../../../src/webhooks/send/webhook-metrics.js';
import { WebhookSender } from '../../../src/webhooks/send/webhook-sender.js';
import { query } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';
import { CREATE_CUSTOMERS } from '../../support/operations.js';
import { sharedResources } from '../../support/resources.js';
import { newEmail } from '../../support/signed-client.js';
import { createEndpoint } from '../../support/webhook-operations.js';
import { startWebhookReceiver } from '../../support/webhook-receiver.js';

const CUSTOMERS = 12;

/** Has no worker of its own. */
let gateway: TestGateway;
const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(await startTestGateway(), (it) => it.close());
});

/** Counts the bytes that are in use, and the most that were. */
class WatchedBudget extends ByteBudget {
  bytes = 0;
  mostBytes = 0;

  override add(endpoint: string, bytes: number): void {
    super.add(endpoint, bytes);
    this.bytes += bytes;
    this.mostBytes = Math.max(this.mostBytes, this.bytes);
  }
}

test('the deliveries in progress stay within the byte budget, and all are sent', async () => {
  const partner = gateway.nextPartner();
  let open = 0;
  let mostOpen = 0;
  const answers: (() => void)[] = [];
  const receiver = resources.adopt(
    await startWebhookReceiver(async (_delivery, response) => {
      open += 1;
      mostOpen = Math.max(mostOpen, open);
      await new Promise<void>((resolve) => answers.push(resolve));
      open -= 1;
      response.writeHead(204).end();
    }),
    (it) => it.close(),
  );
  const { uuid } = await createEndpoint(partner, receiver.url);
  const inputs = Array.from({ length: CUSTOMERS }, () => ({
    customer: 'Acme',
    email: newEmail(),
    notes: 'n'.repeat(5_000),
  }));
  await partner.send(CREATE_CUSTOMERS, { inputs });
  const events = await query<{ id: string; bytes: number }>(
    gateway.databaseUrl,
    'select id, octet_length(customer::text) as bytes from customer_event where team_id = $1',
    [partner.teamId],
  );
  const store = new DeliveryStore(gateway.orm, await gateway.orm.em.getConnection().getNativeClient());
  await store.create(events.map(({ id }) => id));

  // An endpoint may use half of a budget: three deliveries, of the ten that it is sent at the same time.
  const largest = Math.max(...events.map(({ bytes }) => bytes));
  const budget = new WatchedBudget(2 * 3.5 * largest);
  const sender = resources.adopt(new WebhookSender({ allowPrivate: true, httpsOnly: false }), (it) => {
    it.close();
  });
  const run = sendDeliveries(
    {
      store,
      sender,
      box: new SecretBox([gateway.secretsKey]),
      metrics: new WebhookMetrics(new Registry()),
      budget,
      stopping: new AbortController().signal,
      aborting: new AbortController().signal,
    },
    uuid,
  );
  await eventually('three deliveries are in progress', () => open === 3);
  const releasing = eventually('all are sent', () => {
    answers.shift()?.();
    return receiver.received.length === CUSTOMERS && open === 0;
  });
  await Promise.all([run, releasing]);
  expect(mostOpen).toBe(3);
  expect(budget.mostBytes).toBeLessThanOrEqual(3.5 * largest);
  expect(budget.bytes).toBe(0);
  expect(new Set(receiver.received.map(({ event }) => event.id))).toEqual(
    new Set(events.map(({ id }) => id)),
  );
});
